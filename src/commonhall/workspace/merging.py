"""Notes as Yjs documents: merging updates, and making new ones on the server. Bytes in, bytes out."""

from collections.abc import Iterable

from pycrdt import Doc, XmlElement, XmlFragment, XmlText, get_state, get_update, merge_updates

from commonhall.workspace.document import Block, Piece, blocks_of

Stored = bytes | memoryview  # as the database hands it over

FIELD = "default"  # what the editor in the browser calls the page
EMPTY = b"\x00\x00"


class BadUpdate(ValueError):
    """Bytes that are no update of a note."""


def merged(updates: Iterable[Stored]) -> bytes:
    """One update that does what all of these do."""
    several = [bytes(one) for one in updates]
    if not several:
        return EMPTY
    return several[0] if len(several) == 1 else merge_updates(*several)


def checked(update: bytes) -> bytes:
    """The update, if it can be merged with others and read; raises `BadUpdate`."""
    try:
        get_state(update)
        return merge_updates(EMPTY, update)
    except Exception as error:
        raise BadUpdate from error


def state(update: bytes) -> bytes:
    """What somebody who has this already knows (a state vector)."""
    return get_state(update)


def missing(update: bytes, known: bytes) -> bytes:
    """What somebody with the state vector `known` lacks; raises `BadUpdate` where that is none."""
    try:
        return get_update(update, known)
    except Exception as error:
        raise BadUpdate from error


def is_empty(update: Stored) -> bool:
    return bytes(update) == EMPTY


def read(data: Stored) -> tuple[Block, ...]:
    """The page, for reading; raises `BadUpdate`."""
    return blocks_of(_page(_document(data)))


def replaced(data: bytes, by: tuple[Block, ...]) -> bytes:
    """The update that makes the page of `data` consist of these blocks."""
    return _change(data, by, clear=True)


def appended(data: bytes, blocks: tuple[Block, ...]) -> bytes:
    """The update that adds these blocks at the end of the page of `data`."""
    return _change(data, blocks, clear=False)


def _document(data: Stored) -> "Doc[XmlFragment]":
    document: Doc[XmlFragment] = Doc()
    try:
        document.apply_update(bytes(data))
    except Exception as error:
        raise BadUpdate from error
    return document


def _page(document: "Doc[XmlFragment]") -> XmlFragment:
    return document.get(FIELD, type=XmlFragment)


def _change(data: bytes, blocks: tuple[Block, ...], *, clear: bool) -> bytes:
    document = _document(data)
    known = document.get_state()
    page = _page(document)
    with document.transaction():
        if clear:
            for position in reversed(range(len(page.children))):
                del page.children[position]
        for block in blocks:
            _write(page, block)
    return document.get_update(known)


def _write(parent: XmlFragment | XmlElement, block: Block) -> None:
    element = XmlElement(block.kind, dict(block.attributes))
    parent.children.append(element)
    for child in block.children:
        _write(element, child)
    if block.pieces:
        _write_text(element, block.pieces)


def _write_text(element: XmlElement, pieces: Iterable[Piece]) -> None:
    text = XmlText()
    element.children.append(text)
    for piece in pieces:
        text.insert(len(text), piece.text, dict(piece.marks) or None)
