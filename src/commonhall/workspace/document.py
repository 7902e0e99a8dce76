"""A note as a tree of blocks, and what can be made of it: HTML to read, Markdown and plain text to take away.

The kinds of blocks and marks are those of the editor in the browser (ProseMirror names: "heading", "taskItem", "bold").
What is not known is shown as its text.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from pycrdt import XmlElement, XmlFragment, XmlText

DEEPEST = 40
LINKS = ("https", "http", "mailto", "tel")


@dataclass(frozen=True)
class Piece:
    """Text of one look; `marks` are (name, attributes)."""

    text: str
    marks: tuple[tuple[str, Any], ...] = ()

    def mark(self, name: str) -> Any:
        return dict(self.marks).get(name)


@dataclass(frozen=True)
class Block:
    kind: str
    attributes: tuple[tuple[str, Any], ...] = ()
    children: tuple["Block", ...] = ()
    pieces: tuple[Piece, ...] = ()

    def get(self, name: str) -> Any:
        return dict(self.attributes).get(name)

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def blocks_of(parent: XmlFragment | XmlElement, depth: int = 0) -> tuple[Block, ...]:
    children = [child for child in parent.children if isinstance(child, XmlElement)]
    return tuple(_block(child, depth) for child in children) if depth < DEEPEST else ()


def _block(element: XmlElement, depth: int) -> Block:
    given: Any = element.attributes
    attributes = tuple(sorted((str(name), value) for name, value in given))
    pieces = [piece for child in element.children if isinstance(child, XmlText) for piece in _pieces(child)]
    return Block(str(element.tag), attributes, blocks_of(element, depth + 1), tuple(pieces))


def _pieces(text: XmlText) -> Iterator[Piece]:
    for inserted, marks in text.diff():
        if isinstance(inserted, str):
            given: dict[str, Any] = marks or {}
            yield Piece(inserted, tuple(sorted(given.items(), key=lambda mark: mark[0])))


def paragraphs(text: str) -> tuple[Block, ...]:
    """Typed text as blocks, one for each line that is not empty."""
    lines = [line.strip() for line in text.splitlines()]
    return tuple(Block("paragraph", pieces=(Piece(line),)) for line in lines if line)


def lines(blocks: Iterable[Block]) -> Iterator[str]:
    """The words alone, a line for each block that holds some; tasks begin with their box."""
    for block in blocks:
        box = ("- [x] " if block.get("checked") else "- [ ] ") if block.kind == "taskItem" else ""
        inside = [*([block.text] if block.text else []), *lines(block.children)]
        yield from (f"{box}{line}" if not place else line for place, line in enumerate(inside))


# HTML

TAGS = {
    "paragraph": "p",
    "bulletList": "ul",
    "orderedList": "ol",
    "listItem": "li",
    "blockquote": "blockquote",
    "codeBlock": "pre",
    "tableRow": "tr",
}
MARKS = {"bold": "strong", "italic": "em", "strike": "s", "code": "code", "underline": "u"}


def as_html(blocks: Iterable[Block]) -> SafeString:
    """For reading; only tags of ours, and links that lead to pages, mail and telephones."""
    return format_html_join("", "{}", ((_html(block),) for block in blocks))


def _html(block: Block) -> SafeString:
    inside = as_html(block.children) + _inline(block.pieces)
    if block.kind == "heading":
        return _tag(f"h{min(4, level(block) + 1)}", inside)
    if block.kind == "horizontalRule":
        return mark_safe("<hr>")
    if block.kind == "taskList":
        return format_html('<ul class="note-tasks">{}</ul>', inside)
    if block.kind == "taskItem":
        said = _("done") if block.get("checked") else _("to do")
        box = "☑" if block.get("checked") else "☐"
        return format_html('<li><span role="img" aria-label="{}">{}</span> <div>{}</div></li>', said, box, inside)
    if block.kind == "table":
        return format_html('<div class="table-responsive"><table class="table"><tbody>{}</tbody></table></div>', inside)
    if block.kind in ("tableCell", "tableHeader"):
        return _cell(block, inside)
    return _tag(TAGS.get(block.kind, "div"), inside)


def _cell(block: Block, inside: SafeString) -> SafeString:
    tag = "th" if block.kind == "tableHeader" else "td"
    spans = [(name, whole(block.get(name))) for name in ("colspan", "rowspan")]
    given = format_html_join("", ' {}="{}"', ((name, number) for name, number in spans if 1 < number < 100))
    return format_html("<{}{}>{}</{}>", tag, given, inside, tag)


def _tag(name: str, inside: SafeString) -> SafeString:
    return format_html("<{}>{}</{}>", name, inside, name)


def _inline(pieces: Iterable[Piece]) -> SafeString:
    return format_html_join("", "{}", ((_marked(piece),) for piece in pieces))


def _marked(piece: Piece) -> SafeString:
    shown = SafeString(escape(piece.text))
    for name, tag in MARKS.items():
        if piece.mark(name) is not None:
            shown = _tag(tag, shown)
    address = link_of(piece)
    return format_html('<a href="{}" rel="noopener noreferrer nofollow">{}</a>', address, shown) if address else shown


def link_of(piece: Piece) -> str:
    """Where it leads, if it is a link of a kind that can do no harm."""
    mark = piece.mark("link")
    address = str(mark.get("href") or "") if isinstance(mark, dict) else ""
    try:
        return address if urlsplit(address).scheme in LINKS else ""
    except ValueError:
        return ""


def level(block: Block) -> int:
    return min(max(whole(block.get("level")), 1), 3)


def whole(value: Any) -> int:
    return int(value) if isinstance(value, int | float) else 1
