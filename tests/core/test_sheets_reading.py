"""Strangers' spreadsheets: every encoding, separator and accident, each said at its line and column."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from django.utils.translation import override, trans_real

from commonhall.core.sheets import layout, reading
from commonhall.core.sheets.problems import Problem, Unreadable
from commonhall.core.sheets.sheet import Sheet

CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "spreadsheets"
HEAD = "name,email,organisation\r\n"
ANN = "Ann,ann@ash.example,Ash\r\n"


def read(text: str | bytes) -> Sheet:
    return reading.read_here(text if isinstance(text, bytes) else text.encode(), "list.csv")


def found(sheet: Sheet) -> list[tuple[int | None, str | None, str]]:
    return [(problem.line, problem.column, problem.code) for problem in sheet.problems]


def workbook(*sheets: list[list[object]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for rows in sheets:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"])
def test_names_with_accents_survive_any_encoding(encoding: str) -> None:
    text = "name;email;organisation\r\nZoë Müller-Noël;zoe@ash.example;“Ash” – café\r\n"
    sheet = read((text + "José;jose@ash.example;Ash’s\r\n").encode(encoding))
    assert sheet.rows[0].cells == ("Zoë Müller-Noël", "zoe@ash.example", "“Ash” – café")
    assert sheet.rows[1].cells[0] == "José"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_any_separator_and_line_end_is_told_by_itself(separator: str, end: str) -> None:
    rows = [["name", "days", "note"], ["Ann", "Mon, Tue", "a; b"], ["Bo", "Wed", "x | y"], ["Cy", "Thu", "z"]]
    quoted = [separator.join(f'"{cell}"' if separator in cell else cell for cell in row) for row in rows]
    sheet = read(end.join(quoted) + end)
    assert [list(row.cells) for row in sheet.rows] == rows[1:]
    assert [row.line for row in sheet.rows] == [2, 3, 4]


def test_excels_own_separator_line_is_obeyed() -> None:
    sheet = read("sep=;\r\nname;email\r\nAnn;ann@ash.example\r\n")
    assert (sheet.header_line, sheet.rows[0].line, sheet.rows[0].cells) == (2, 3, ("Ann", "ann@ash.example"))


def test_one_byte_that_is_not_utf8_is_named_at_its_cell() -> None:
    sheet = read(
        f"{HEAD}Zoë,zoe@ash.example,Ash\r\nNoël,noel@ash.example,Ash\r\n".encode() + b"Andr\xe9,a@ash.example,Ash\r\n"
    )
    assert found(sheet) == [(4, "name", "bad_byte")]
    assert sheet.rows[2].cells[0] == "André"
    assert "0xE9" in sheet.problems[0].message


def test_titles_and_blank_lines_above_the_headings_are_passed() -> None:
    sheet = read(f"Our mentors 2026,,\r\n,,\r\n{HEAD}{ANN}")
    assert (sheet.header_line, sheet.rows[0].line, sheet.above) == (3, 4, ("Our mentors 2026",))


def test_a_quoted_cell_may_hold_line_breaks_and_lines_still_count() -> None:
    sheet = read(f'{HEAD}"Ann\r\nBell",ann@ash.example,"Ash, ""the"" council"\r\n{ANN}')
    assert sheet.rows[0].cells == ("Ann\nBell", "ann@ash.example", 'Ash, "the" council')
    assert [row.line for row in sheet.rows] == [2, 4]


@pytest.mark.parametrize(
    "after",
    ["Bo,bo@ash.example,Ash\r\n", 'Bo,bo@ash.example,"Ash, north"\r\n', 'Bo,bo@ash.example,""\r\n', ""],
    ids=["plain", "quoted", "empty quotes", "nothing"],
)
def test_a_quote_never_closed_swallows_nothing(after: str) -> None:
    sheet = read(f'{HEAD}{ANN}Cy,cy@ash.example,"Ash and more\r\n{after}{ANN}')
    assert (3, "organisation", "quote_open") in found(sheet)
    lines = [row.line for row in sheet.rows]
    assert lines == [2, 3, 4, 5] if after else [2, 3, 4]
    assert sheet.rows[1].cells[2] == "Ash and more"


def test_a_stray_quote_inside_quotes_is_named() -> None:
    sheet = read(f'{HEAD}Ann,ann@ash.example,"She said "no" to it"\r\n{ANN}')
    assert found(sheet) == [(2, "organisation", "quote_stray")]
    assert sheet.rows[1].cells[0] == "Ann"


def test_an_inch_mark_in_an_unquoted_cell_is_nothing_special() -> None:
    sheet = read(f'{HEAD}Ann 5",ann@ash.example,Ash\r\n{ANN}')
    assert found(sheet) == []
    assert sheet.rows[0].cells[0] == 'Ann 5"'


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Bo,bo@ash.example", "few_columns"),
        ("Bo,bo@ash.example,Ash, and more", "many_columns"),
        (",,", "blank_row"),
        ("Name,E-mail,Organisation", "header_again"),
        ("Total,1,", "total_row"),
    ],
)
def test_a_line_that_is_no_row_is_named(line: str, code: str) -> None:
    text = "Name,E-mail,Organisation\r\n" + ANN + line + "\r\n" + ANN
    sheet = read(text)
    assert found(sheet) == [(3, "(row)", code)]
    left_out = code in {"blank_row", "header_again", "total_row"}
    assert [row.line for row in sheet.rows] == ([2, 4] if left_out else [2, 3, 4])
    assert all(problem.message and problem.remedy for problem in sheet.problems)


def test_a_writer_that_drops_empty_cells_at_the_end_is_not_blamed() -> None:
    assert found(read(HEAD + "Ann,ann@ash.example\r\n" * 5 + ANN)) == []


def test_blank_lines_behind_the_last_row_are_not_mentioned() -> None:
    assert found(read(HEAD + ANN + ",,\r\n" * 900)) == []


def test_columns_of_one_name_get_labels_of_their_own() -> None:
    sheet = read("Name,\u00a0Name ,,Note\r\na,b,c,d\r\n")
    assert [column.label for column in sheet.columns] == ["Name", "Name (2)", "Column C", "Note"]
    assert sheet.columns[1].name == "\u00a0Name "


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n , ,\r\n", "empty_file"),
        (b"%PDF-1.7 ...", "not_a_sheet"),
        (b"\x89PNG\r\n\x1a\n....", "not_a_sheet"),
        (b"<html><table><tr><td>Ann</td></tr></table></html>", "not_a_sheet"),
        (b'[{"name": "Ann"}]', "not_a_sheet"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (b"name,email,organisation\r\n", "no_rows"),
        (b"Ann,ann@ash.example,Ash\r\nBo,bo@ash.example,Ash\r\n", "no_header"),
    ],
)
def test_what_is_no_list_is_refused_with_a_remedy(content: bytes, code: str) -> None:
    sheet = reading.read(content, "x.csv")
    assert [problem.code for problem in sheet.problems] == [code]
    assert not sheet.usable
    assert sheet.problems[0].remedy


def test_too_large_a_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(reading.LARGEST_FILE + 1)
    sheet = reading.read(path)
    assert [(problem.code, problem.values["limit"]) for problem in sheet.problems] == [("too_large", 40)]


def test_rows_beyond_the_limit_are_said_to_be_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "MOST_ROWS", 50)
    sheet = read(HEAD + ANN * 200)
    assert "too_many_rows" in {problem.code for problem in sheet.problems}
    assert len(sheet.rows) < 100


def test_a_workbook_is_read_in_a_child_with_its_kinds() -> None:
    rows = [
        ["Name", "E-mail", "Places", "From"],
        ["Ann", "ann@ash.example", 2, 45915.5],
        [],
        ["Bo", "bo@ash.example", 1.5, ""],
    ]
    sheet = reading.read(workbook([["Instructions"], ["Fill in the next sheet"]], rows), "list.xlsx")
    assert [row.line for row in sheet.rows] == [2, 4]
    assert sheet.rows[0].cells == ("Ann", "ann@ash.example", "2", "45915.5")
    assert sheet.rows[0].kinds == ("text", "text", "number", "number")
    assert [problem.code for problem in sheet.problems] == ["other_sheets"]


def test_an_open_document_is_read() -> None:
    space = 'xmlns:{0}="urn:oasis:names:tc:opendocument:xmlns:{0}:1.0"'
    names = " ".join(space.format(name) for name in ("office", "table", "text"))
    cells = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>' for c in row)
        + "</table:table-row>"
        for row in (("Name", "E-mail"), ("Zoë", "zoe@ash.example"))
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="List">{cells}</table:table>'
    content = f'<?xml version="1.0"?><office:document-content {names}>{body}'
    content += "</office:spreadsheet></office:body></office:document-content>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    assert reading.read_here(buffer.getvalue(), "list.ods").rows[0].cells == ("Zoë", "zoe@ash.example")


def bomb(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for name, content in members.items():
            archive.writestr(f"xl/{name}", content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"worksheets/sheet1.xml": b"A" * 30_000_000}, "unpacks_too_large"),
        ({f"media/{number}": b"\0" * 7_000_000 for number in range(20)}, "unpacks_too_large"),
        ({"worksheets/sheet1.xml": b'<c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c>'}, "too_much_memory"),
    ],
    ids=["one member", "many members", "one cell far away"],
)
def test_a_workbook_that_would_explode_is_refused_before_it_is_parsed(members: dict[str, bytes], code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        reading.read_here(bomb(**members), "list.xlsx")
    assert refusal.value.problem.code == code


@pytest.mark.parametrize(
    ("name", "what"), [("word/document.xml", "Word"), ("Index/Tables.iwa", "Numbers"), ("a.txt", "ZIP")]
)
def test_another_kind_of_archive_is_named(name: str, what: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "x")
    with pytest.raises(Unreadable) as refusal:
        reading.read_here(buffer.getvalue(), "list.xlsx")
    assert what in refusal.value.problem.message


def test_a_sheet_and_its_problems_can_be_kept_as_json() -> None:
    sheet = read(HEAD + ANN + ",,\r\n" + ANN)
    assert Sheet.from_json(sheet.as_json()) == sheet
    assert Problem.from_json(sheet.problems[0].as_json()) == sheet.problems[0]


def test_sheets_with_the_same_headings_have_the_same_signature() -> None:
    assert read(HEAD + ANN).signature == read("Name;E-Mail;ORGANISATION\na;b;c\n".replace("E-Mail", "email")).signature
    assert read(HEAD + ANN).signature != read("name,email,council\na,b,c\n").signature


def test_no_file_from_the_wild_makes_the_reader_raise() -> None:
    if not CORPUS.exists():
        pytest.skip("the corpora of ../shared are not here")
    read_well = 0
    for archive in sorted(CORPUS.glob("*.tar.xz")):
        with tarfile.open(archive) as files:
            for member in files:
                if not member.isfile():
                    continue
                content = files.extractfile(member).read()  # type: ignore[union-attr]
                try:
                    read_well += bool(reading.read_here(content, member.name).rows)
                except Unreadable as refusal:
                    assert refusal.problem.message  # noqa: PT017
    assert read_well > 200


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (Problem("not_a_sheet", values={"what": "a picture"}), "A PICTURE"),
        (Problem("dates_ambiguous", values={"order": "with the day first"}), "WITH THE DAY FIRST"),
        (Problem("column_twice", values={"name": "a picture", "label": "a picture (2)"}), "a picture"),
    ],
)
def test_words_of_ours_are_said_in_the_readers_language_and_words_of_the_file_as_they_stand(
    problem: Problem, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = trans_real.translation("en-gb")
    monkeypatch.setattr(catalog, "_catalog", {"a picture": "A PICTURE", "with the day first": "WITH THE DAY FIRST"})
    with override("en-gb"):
        assert words in problem.message
