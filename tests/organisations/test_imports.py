"""Lists of organisations: mySociety's as it is, a plain one, and names as people write them."""

import datetime as dt
from pathlib import Path

import pytest

from commonhall.core.sheets import reading
from commonhall.organisations.imports import checking
from commonhall.organisations.imports.names import Directory, KnownOrganisation
from commonhall.organisations.imports.rows import Checked

MYSOCIETY = Path(__file__).parents[3] / "shared" / "data" / "organisations" / "uk_local_authorities.csv"
STAND_IN = (
    "local-authority-code,official-name,nice-name,start-date,end-date,replaced-by,nation,region,"
    "local-authority-type-name,alt-names,gov-uk-slug,pop-2020,lat,long,powers\n"
    'ASH,Ash Borough Council,Ash,,,,England,East,NMD,"Ash,ash bc",ash,48000.0,52.1,0.5,lower tier\n'
    "BEE,Beech County Council,Beech,2005-04-01,,,Wales,Wales,Unitary,,beech,260000.0,52.2,-3.1,unitary\n"
    "CED,Cedar Combined Authority,Cedar,2024-01-01,,,England,,Combined authority,,cedar,,,,combined\n"
    "OAK,Oak District Council,Oak,,2019-03-31,ASH,England,East,NMD,,oak,,,,lower tier\n"
    'ELM,Elm County Council,Elm,,2020-03-31,"ASH,BEE",England,East,County,,elm,,,,upper tier\n'
)


def check(text: str, **known: object) -> Checked:
    return checking.check(reading.read_here(text.encode(), "list.csv"), **known)


def codes(checked: Checked) -> list[tuple[int | None, str | None, str]]:
    return [(problem.line, problem.column, problem.code) for problem in checked.problems]


def test_mysocietys_columns_are_read_as_they_are() -> None:
    rows = {row.code: row for row in check(STAND_IN).rows}
    ash, beech, oak, elm = rows["ASH"], rows["BEE"], rows["OAK"], rows["ELM"]
    assert (ash.name, ash.short_name, ash.slug, ash.tier, ash.size_band) == (
        "Ash Borough Council",
        "Ash",
        "ash",
        "lower",
        "small",
    )
    assert (beech.tier, beech.languages, beech.size_band, beech.time_zone) == (
        "single",
        ("en", "cy"),
        "large",
        "Europe/London",
    )
    assert rows["CED"].region == "England"
    assert (oak.ended_on, oak.replaced_by) == (dt.date(2019, 3, 31), "ASH")
    assert (elm.ended_on, elm.replaced_by) == (dt.date(2020, 3, 31), "")


def test_what_mysocietys_list_leaves_out_is_noted_but_stops_nothing() -> None:
    checked = check(STAND_IN)
    assert codes(checked) == [
        (4, "lat", "place_missing"),
        (4, "pop-2020", "population_missing"),
        (6, "replaced-by", "successors"),
    ]
    assert not checked.errors


def test_the_whole_of_mysocietys_list_goes_in() -> None:
    if not MYSOCIETY.exists():
        pytest.skip("mySociety's list of ../shared is not here")
    checked = checking.check(reading.read(MYSOCIETY))
    ended = [row for row in checked.rows if row.ended_on]
    assert (len(checked.rows), len(ended), checked.errors) == (470, 73, [])
    assert len({row.slug for row in checked.rows}) == len({row.code for row in checked.rows}) == 470
    assert sum(bool(row.replaced_by) for row in ended) == 46
    keys = {row.key for row in checked.rows}
    assert {row.replaced_by for row in ended} - {""} <= keys


def test_a_plain_list_is_read_with_all_its_columns() -> None:
    text = (
        "Name;Slug;Code;Kind;Tier;Region;Country;Latitude;Longitude;Time zone;Size band;Population;"
        "Languages;E-mail domains;Alternative names;Ended on;Replaced by\n"
        "Totara City Council;totara;;City council;single;Otago;New Zealand;-45,87;170,5;Pacific/Auckland;;126 255;"
        "en, mi;@totara.govt.nz;Totara|TCC;;\n"
        "Rimu Borough;;;;;;NZ;;;Pacific/Auckland;small;;;;;31.10.1989;Totara City Council\n"
    )
    totara, rimu = check(text).rows
    assert (totara.country, totara.latitude, totara.population, totara.size_band) == ("NZ", -45.87, 126255, "medium")
    assert (totara.languages, totara.email_domains, totara.other_names) == (
        ("en", "mi"),
        ("totara.govt.nz",),
        ("Totara", "TCC"),
    )
    assert (rimu.slug, rimu.ended_on, rimu.replaced_by) == ("rimu-borough", dt.date(1989, 10, 31), "totara")


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("latitude", "95", "number"),
        ("latitude", "north", "number"),
        ("population", "many", "number"),
        ("population", "-5", "number"),
        ("time_zone", "Mars/Olympus_Mons", "zone_unknown"),
        ("country", "Narnia", "country_unknown"),
        ("tier", "cloud", "tier_unknown"),
        ("size_band", "huge", "size_unknown"),
        ("languages", "Klingon", "language_unknown"),
        ("email_domains", "not a domain", "domain_wrong"),
        ("ended_on", "31/02/2020", "date_wrong"),
        ("replaced_by", "Nowhere", "successor_unknown"),
        ("replaced_by", "ash", "successor_itself"),
    ],
)
def test_a_wrong_cell_is_named_and_its_line_left_out(column: str, value: str, code: str) -> None:
    cells = {"name": "Ash", "slug": "ash", "latitude": "52", "longitude": "0", "population": "9", "country": "GB"}
    cells |= dict.fromkeys(
        ("time_zone", "tier", "size_band", "languages", "email_domains", "ended_on", "replaced_by"), ""
    )
    cells[column] = value
    checked = check(",".join(cells) + "\n" + ",".join(cells.values()) + "\n" + "Beech" + "," * (len(cells) - 1) + "\n")
    assert (2, column, code) in codes(checked)
    assert [row.name for row in checked.rows] == ["Beech"]
    assert all(problem.message and problem.remedy for problem in checked.problems)


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (",x,52,0,GB", "name", "name_missing"),
        ("Ash,other,52,0,GB", "name", "twice"),
        ("Elm,ash,52,0,GB", "slug", "twice"),
        ("Elm,elm,52,,GB", "longitude", "half_a_place"),
        ("Elm,elm,52,0,US", "country", "zone_missing"),
        ("E" * 201 + ",elm,52,0,GB", "name", "name_too_long"),
    ],
)
def test_a_line_that_cannot_stand_beside_the_others_is_named(line: str, column: str, code: str) -> None:
    checked = check(f"name,slug,latitude,longitude,country\nAsh,ash,52,0,GB\n{line}\n")
    assert [(p.line, p.column, p.code) for p in checked.errors] == [(3, column, code)]
    assert [row.slug for row in checked.rows] == ["ash"]


def test_a_successor_may_be_known_already() -> None:
    checked = check(
        "name,ended_on,replaced_by\nOak,2019-03-31,Ash Borough Council\n", known=[("ASH", "Ash Borough Council")]
    )
    assert [row.replaced_by for row in checked.rows] == ["ASH"]


def test_a_sheet_without_names_is_refused() -> None:
    assert [problem.code for problem in check("colour,shape\nred,round\n").errors] == ["no_name_column"]


@pytest.fixture(scope="module")
def directory() -> Directory:
    names = {
        "CAB": "Cambridge City Council",
        "CAM": "Cambridgeshire County Council",
        "CPCA": "Cambridgeshire and Peterborough Combined Authority",
        "HAO": "Harborough District Council",
        "KIN": "Borough Council of Kings Lynn and West Norfolk",
        "PTE": "Peterborough City Council",
        "RUT": "Rutland County Council",
        "SAL": "St Albans City and District Council",
        "SDE": "South Derbyshire District Council",
        "CMD": "London Borough of Camden",
        "NEW": "Newcastle Upon Tyne City Council",
        "NUL": "Newcastle-under-Lyme Borough Council",
        "RDG": "Reading Borough Council",
        "NNT": "North Northamptonshire Council",
        "WNT": "West Northamptonshire Council",
    }
    known = [KnownOrganisation(key, name) for key, name in names.items()]
    known.append(KnownOrganisation("CBY", "Corby Borough Council", ended=True, successors=("NNT",)))
    known.append(KnownOrganisation("NTH", "Northamptonshire County Council", ended=True, successors=("NNT", "WNT")))
    known.append(KnownOrganisation("OLD", "Rutland District Council", ended=True, successors=("RUT",)))
    return Directory(known)


@pytest.mark.parametrize(
    ("text", "how", "key"),
    [
        ("Cambridge City council ", "official", "CAB"),
        ("Rutl& County council ", "official", "RUT"),
        ("Cambridgeshire & Peterborough Combined Authority", "official", "CPCA"),
        ("borough council of king's lynn and west norfolk", "official", "KIN"),
        ("Harborough", "short", "HAO"),
        ("Cambridge", "short", "CAB"),
        ("Rutland", "short", "RUT"),
        ("Saint Albans", "short", "SAL"),
        ("Camden Council", "short", "CMD"),
        ("LB Camden", "guess", "CMD"),
        ("Cambs CC", "guess", "CAM"),
        ("SDDC", "guess", "SDE"),
        ("S. Derbyshire DC", "guess", "SDE"),
        ("Harborough Borough Council", "guess", "HAO"),
        ("Peterbrough City Counsil", "guess", "PTE"),
        ("Harbrough", "guess", "HAO"),
        ("Corby Borough Council", "official", "CBY"),
        ("Barchester Borough Council", "none", ""),
        ("Council", "none", ""),
        ("", "none", ""),
    ],
)
def test_a_council_is_known_by_what_people_call_it(directory: Directory, text: str, how: str, key: str) -> None:
    found = directory.find(text)
    assert (found.how, found.key) == (how, key)


def test_of_an_unknown_name_those_are_near_whose_place_is_near() -> None:
    known = Directory(
        [KnownOrganisation("C", "Colchester Borough Council"), KnownOrganisation("H", "Hexley Borough Council")]
    )
    assert known.find("Barchester Borough Council").candidates == ("C",)
    assert known.find("Broxtowe Borough Council").candidates == ()


def test_a_name_that_two_councils_share_is_left_open(directory: Directory) -> None:
    shared = Directory([KnownOrganisation("A", "Ash City Council"), KnownOrganisation("B", "Ash County Council")])
    assert (shared.find("Ash").how, set(shared.find("Ash").candidates)) == ("several", {"A", "B"})
    assert shared.find("Ash County").key == "B"


def test_former_councils_lead_to_those_that_followed(directory: Directory) -> None:
    assert directory.current("CBY") == ("NNT",)
    assert directory.current("NTH") == ("NNT", "WNT")
    assert directory.current("RUT") == ("RUT",)


def test_successors_in_a_circle_lead_nowhere() -> None:
    circle = Directory(
        [
            KnownOrganisation("A", "Ash", ended=True, successors=("B",)),
            KnownOrganisation("B", "Bee", ended=True, successors=("A",)),
        ]
    )
    assert circle.current("A") == ()


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("My husband works in finance at Cambridge, so not there.", ("CAB",)),
        ("not with anyone from harborough council", ("HAO",)),
        ("We are in dispute with Kings Lynn and West Norfolk, and with Rutland.", ("KIN", "RUT")),
        ("I am reading for a degree in Reading", ("RDG",)),
        ("Cambridgeshire and Peterborough Combined Authority", ("CPCA",)),
        ("I would rather have somebody new.", ()),
    ],
)
def test_councils_in_a_sentence_are_found(directory: Directory, sentence: str, keys: tuple[str, ...]) -> None:
    assert directory.mentioned(sentence) == keys
