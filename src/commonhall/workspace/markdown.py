"""A note as Markdown (CommonMark with the tables and task lists of GitHub)."""

import re
from collections.abc import Iterable, Iterator

from commonhall.workspace.document import Block, Piece, level, link_of

SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")
AT_START = re.compile(r"^(#{1,6}(?= )|[-+](?= )|\d+(?=[.)] )|={3,}|-{3,})")
AROUND = {"bold": "**", "italic": "*", "strike": "~~", "code": "`"}


def as_markdown(title: str, blocks: Iterable[Block]) -> str:
    body = "\n\n".join(_blocks(blocks))
    return f"# {_plain(title)}\n\n{body}\n" if body else f"# {_plain(title)}\n"


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        text = "\n".join(_lines(block))
        if text.strip():
            yield text


def _lines(block: Block) -> list[str]:
    if block.kind == "heading":
        return [f"{'#' * (level(block) + 1)} {_inline(block.pieces)}"]
    if block.kind == "horizontalRule":
        return ["---"]
    if block.kind == "codeBlock":
        return ["```", *block.text.splitlines(), "```"]
    if block.kind == "table":
        return _table(block)
    if block.kind in ("bulletList", "orderedList", "taskList"):
        return [line for place, item in enumerate(block.children, 1) for line in _item(block, item, place)]
    inside = "\n\n".join([*([_begun(_inline(block.pieces))] if block.pieces else []), *_blocks(block.children)])
    rows = inside.splitlines()
    return [f"> {row}".rstrip() for row in rows] if block.kind == "blockquote" else rows


def _item(parent: Block, item: Block, place: int) -> list[str]:
    mark = f"{place}. " if parent.kind == "orderedList" else "- "
    if parent.kind == "taskList":
        mark += "[x] " if item.get("checked") else "[ ] "
    indent = "   " if parent.kind == "orderedList" else "  "
    first, *rest = [line for child in item.children for line in _lines(child)] or [_inline(item.pieces)]
    return [mark + first, *(indent + line if line else "" for line in rest)]


def _table(block: Block) -> list[str]:
    rows = [[_cell(cell) for cell in row.children] for row in block.children]
    width = max((len(row) for row in rows), default=0)
    if not width:
        return []
    written = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
    return [written[0], "|" + " --- |" * width, *written[1:]]


def _cell(cell: Block) -> str:
    return " ".join(_inline(block.pieces) for block in cell.children) or _inline(cell.pieces)


def _inline(pieces: Iterable[Piece]) -> str:
    return "".join(_marked(piece) for piece in pieces)


def _marked(piece: Piece) -> str:
    is_code = piece.mark("code") is not None
    text = piece.text.replace("`", "ˋ") if is_code else _plain(piece.text)
    core = text.strip()
    if not core:
        return text
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    for name in ("code",) if is_code else AROUND:
        core = f"{AROUND[name]}{core}{AROUND[name]}" if piece.mark(name) is not None else core
    if address := link_of(piece):
        core = f"[{core}](<{address.replace('>', '%3E').replace('<', '%3C')}>)"
    return f"{lead}{core}{tail}"


def _plain(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text.replace("\n", " "))


def _begun(line: str) -> str:
    """What would begin a heading or a list is written so that it does not."""
    found = AT_START.match(line)
    if found is None:
        return line
    mark = found.group()
    return f"{mark}\\{line[len(mark) :]}" if mark.isdecimal() else f"\\{line}"
