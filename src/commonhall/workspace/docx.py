"""A note as a Word document, made by python-docx from its blocks."""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from docx import Document

from commonhall.core.text import clean
from commonhall.workspace.document import Block, level

# What XML cannot hold.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LISTS = {"bulletList": "List Bullet", "orderedList": "List Number", "taskList": "List Bullet"}


def as_docx(title: str, blocks: Iterable[Block]) -> bytes:
    document = Document()
    document.core_properties.title = clean(title)
    document.core_properties.author = ""
    document.add_heading(clean(title), level=0)
    for block in blocks:
        _add(document, block)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _add(document: Any, block: Block, style: str | None = None, box: str = "") -> None:
    if block.kind == "heading":
        _fill(document.add_heading(level=level(block)), block)
    elif block.kind == "table":
        _add_table(document, block)
    elif block.kind in LISTS:
        _add_list(document, block)
    elif block.pieces or not block.children:
        _fill(document.add_paragraph(box, style=style), block)
    else:
        for child in block.children:
            _add(document, child, "Quote" if block.kind == "blockquote" else style, box)


def _add_list(document: Any, block: Block) -> None:
    for item in block.children:
        mark = ("☑ " if item.get("checked") else "☐ ") if block.kind == "taskList" else ""
        for place, child in enumerate(item.children):
            _add(document, child, LISTS[block.kind], "" if place else mark)


def _fill(paragraph: Any, block: Block) -> None:
    for piece in block.pieces:
        run = paragraph.add_run(UNWRITABLE.sub("", piece.text))
        run.bold = piece.mark("bold") is not None or None
        run.italic = piece.mark("italic") is not None or None
        run.font.strike = piece.mark("strike") is not None or None


def _add_table(document: Any, block: Block) -> None:
    rows = [row.children for row in block.children]
    width = max((len(row) for row in rows), default=0)
    if not width:
        return
    table = document.add_table(rows=len(rows), cols=width, style="Table Grid")
    for row, cells in zip(table.rows, rows, strict=True):
        for place, cell in enumerate(cells):
            _fill_cell(row.cells[place].paragraphs[0], cell)


def _fill_cell(paragraph: Any, cell: Block) -> None:
    for place, block in enumerate(cell.children):
        if place:
            paragraph.add_run("\n")
        _fill(paragraph, block)
