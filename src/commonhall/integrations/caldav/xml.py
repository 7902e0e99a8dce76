"""XML as calendar servers speak it, read without trust: no document types, hence no entities, and no deep nesting."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, TreeBuilder, XMLParser

DAV = "{DAV:}"
CAL = "{urn:ietf:params:xml:ns:caldav}"
DEEPEST = 60
MOST_ELEMENTS = 300_000


class Strange(ValueError):
    """Nothing that a calendar server would say."""


class _Careful(TreeBuilder):
    depth = elements = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise Strange("a document type")

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        self.elements += 1
        if self.depth > DEEPEST or self.elements > MOST_ELEMENTS:
            raise Strange("too deep or too much")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def parsed(content: bytes) -> Element:
    """Raises `ParseError` or `Strange` (a `ValueError`)."""
    parser = XMLParser(target=_Careful())  # noqa: S314
    parser.feed(content)
    root: Element = parser.close()
    return root


def named(element: Element, name: str) -> Iterator[Element]:
    """Everything inside of one name in WebDAV's or CalDAV's namespace."""
    for space in (DAV, CAL):
        yield from element.iter(space + name)


def texts(element: Element, name: str) -> list[str]:
    return [(one.text or "").strip() for one in named(element, name) if (one.text or "").strip()]
