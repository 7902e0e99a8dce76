"""The words of an HTML letter, as mail programs and Word write it. Quoted letters and signatures that are marked go."""

from html.parser import HTMLParser

MOST_READ = 300_000
SILENT = {"head", "script", "style", "title", "template", "blockquote"}
BLOCKS = {
    "p",
    "div",
    "br",
    "tr",
    "li",
    "ul",
    "ol",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "pre",
    "blockquote",
}
VOID = {"br", "hr", "img", "meta", "link", "input", "col", "area", "base", "embed", "source", "wbr"}
NOT_OWN = ("gmail_quote", "gmail_signature", "yahoo_quoted", "moz-cite-prefix", "moz-signature", "protonmail_quote")
ENDS = ("divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent: list[str] = []
        self.is_over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: (value or "").lower() for name, value in attrs}
        self.is_over = self.is_over or said.get("id", "") in ENDS
        if tag not in VOID and (self.silent or self._is_silent(tag, said)):
            self.silent.append(tag)
        if tag in BLOCKS:
            self.pieces.append("\n")
        if tag == "li":
            self.pieces.append("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.silent:
            while self.silent.pop() != tag:
                pass
        if tag in ("p", "div", "table", "ul", "ol", "blockquote"):
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not (self.silent or self.is_over):
            self.pieces.append(" ".join(data.split("\n")))

    @staticmethod
    def _is_silent(tag: str, said: dict[str, str]) -> bool:
        return tag in SILENT or any(name in said.get("class", "") for name in NOT_OWN)


def as_text(html: str) -> str:
    """Plain text, a line for each block."""
    reader = _Reader()
    reader.feed(html[:MOST_READ])
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.pieces).split("\n"))
    return "\n".join(lines).strip()
