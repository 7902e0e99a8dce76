from io import BytesIO

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from commonhall.workspace import merging
from commonhall.workspace.document import Block, Piece, as_html, lines, paragraphs
from commonhall.workspace.docx import as_docx
from commonhall.workspace.markdown import as_markdown


def block(kind, *children, text="", marks=(), **attributes):
    pieces = (Piece(text, tuple(marks)),) if text else ()
    return Block(kind, tuple(sorted(attributes.items())), children, pieces)


def said(words):
    return block("paragraph", text=words)


PAGE = (
    block("heading", text="Before cabinet", level=2),
    block("paragraph", text="Be brief", marks=[("bold", {})]),
    block(
        "taskList",
        block("taskItem", said("shadow the committee"), checked=False),
        block("taskItem", said("read the report"), checked=True),
    ),
    block("orderedList", block("listItem", said("first")), block("listItem", said("second"))),
    block(
        "table",
        block("tableRow", block("tableHeader", said("Who")), block("tableHeader", said("When"))),
        block("tableRow", block("tableCell", said("Ada | Bo")), block("tableCell", said("May"))),
    ),
)
LISTED = ["☐ shadow the committee", "☑ read the report", "first", "second"]


def test_a_page_survives_being_written_and_read():
    update = merging.replaced(merging.EMPTY, PAGE)
    assert [one.kind for one in merging.read(update)] == [one.kind for one in PAGE]
    assert list(lines(merging.read(update))) == list(lines(PAGE))


def test_putting_a_page_in_place_of_another_leaves_nothing_of_the_other():
    before = merging.replaced(merging.EMPTY, PAGE)
    after = merging.merged([before, merging.replaced(before, paragraphs("Only this"))])
    assert list(lines(merging.read(after))) == ["Only this"]


words = st.lists(st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=8), max_size=4)


@given(st.lists(words, min_size=1, max_size=5), st.randoms())
def test_the_order_and_the_grouping_in_which_updates_arrive_do_not_matter(additions, chance):
    base = merging.replaced(merging.EMPTY, paragraphs("Begun"))
    updates = [base, *(merging.appended(base, paragraphs("\n".join(added))) for added in additions)]
    shuffled = chance.sample(updates, len(updates))
    half = len(shuffled) // 2
    grouped = merging.merged([merging.merged(shuffled[:half]), merging.merged(shuffled[half:])])
    assert merging.read(merging.merged(updates)) == merging.read(merging.merged(shuffled)) == merging.read(grouped)


@pytest.mark.parametrize("rubbish", [b"", b"\x00", b"\xff" * 40, b"PK\x03\x04"])
def test_what_is_no_update_is_refused(rubbish):
    with pytest.raises(merging.BadUpdate):
        merging.checked(rubbish)


def test_half_an_update_is_refused():
    with pytest.raises(merging.BadUpdate):
        merging.checked(merging.replaced(merging.EMPTY, PAGE)[:-5])


def test_what_somebody_lacks_is_only_that():
    base = merging.replaced(merging.EMPTY, paragraphs("Begun"))
    more = merging.appended(base, paragraphs("Added"))
    lacking = merging.missing(merging.merged([base, more]), merging.state(base))
    assert len(lacking) < len(merging.merged([base, more]))
    assert list(lines(merging.read(merging.merged([base, lacking])))) == ["Begun", "Added"]


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def test_hostile_text_is_text():
    html = as_html([block("paragraph", text=HOSTILE), block("heading", text=HOSTILE, level=9)])
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "vbscript:x", "java\nscript:x", "http://[bad"],
)
def test_a_link_that_could_do_harm_is_plain_text(address):
    html = as_html([block("paragraph", text="here", marks=[("link", {"href": address})])])
    assert html == "<p>here</p>"


def test_a_link_to_a_page_leads_there():
    html = as_html([block("paragraph", text="here", marks=[("link", {"href": "https://lga.example/?a=1&b=2"})])])
    assert html == '<p><a href="https://lga.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow">here</a></p>'


def test_an_unknown_kind_is_shown_as_its_text_and_its_attributes_are_dropped():
    document = Doc()
    page = document.get("default", type=XmlFragment)
    element = XmlElement("script", {"onload": "alert(1)", "colspan": "x"})
    page.children.append(element)
    element.children.append(XmlText("still here"))
    assert as_html(merging.read(document.get_update())) == "<div>still here</div>"


def test_a_page_nested_without_end_is_cut_off_and_not_a_crash():
    deep = block("paragraph", text="bottom")
    for _level in range(300):
        deep = block("blockquote", deep)
    assert "bottom" not in as_html(merging.read(merging.replaced(merging.EMPTY, (deep,))))


def test_markdown_has_headings_tasks_lists_and_tables():
    assert as_markdown("Our note", PAGE) == (
        "# Our note\n\n### Before cabinet\n\n**Be brief**\n\n- [ ] shadow the committee\n- [x] read the report\n\n"
        "1. first\n2. second\n\n| Who | When |\n| --- | --- |\n| Ada \\| Bo | May |\n"
    )


def test_markdown_keeps_typed_signs_from_meaning_something():
    text = as_markdown("A*b", [block("paragraph", text="1. not a list, # not a *heading*")])
    assert text == "# A\\*b\n\n1\\. not a list, # not a \\*heading\\*\n"


def test_word_opens_the_document_with_every_word_in_it():
    read = Document(BytesIO(as_docx("Our note", PAGE)))
    assert [paragraph.text for paragraph in read.paragraphs] == ["Our note", "Before cabinet", "Be brief", *LISTED]
    assert [cell.text for row in read.tables[0].rows for cell in row.cells] == ["Who", "When", "Ada | Bo", "May"]


def test_word_takes_signs_that_its_files_cannot_hold():
    read = Document(BytesIO(as_docx("Bell\x07", [block("paragraph", text="a\x00b\x0bc")])))
    assert [paragraph.text for paragraph in read.paragraphs] == ["Bell", "abc"]
