"""The verb `import-organisations`: all or nothing or the sound rows, and twice is once."""

import argparse

import pytest

from commonhall.core.errors import Refused
from commonhall.organisations import importing
from commonhall.organisations.models import Organisation
from tests.organisations.test_imports import MYSOCIETY, STAND_IN

pytestmark = pytest.mark.django_db
PLAIN = (
    "name,country,region,time zone,population,email domains\n"
    "Riverbank Borough Council,GB,East,Europe/London,90000,riverbank.example\n"
    "Comhairle Contae an Locha,IE,Connacht,Europe/Dublin,130000,locha.example\n"
)
WRONG = PLAIN + "Nowhere Council,ZZ,,,many,\n"


@pytest.fixture
def bring_in(tmp_path, capsys):
    """`bring_in(text)` runs the verb on a file; returns what it said and complained about."""

    def run(text, *, partial=False, name="list.csv"):
        path = tmp_path / name
        path.write_text(text)
        options = argparse.Namespace(file=str(path), partial=partial)
        try:
            importing.run(options)
        finally:
            run.said = capsys.readouterr()
        return run.said.out

    return run


def rows():
    return {one.name: one for one in Organisation.objects.all()}


def state():
    return list(Organisation.objects.order_by("pk").values())


def test_a_plain_list_comes_in(bring_in):
    assert "2 added, 0 changed, 0 as they were." in bring_in(PLAIN)
    river = rows()["Riverbank Borough Council"]
    assert (river.country, river.population, river.size_band) == ("GB", 90000, "medium")
    assert river.email_domains == ["riverbank.example"]


def test_twice_is_once(bring_in):
    bring_in(STAND_IN)
    before = state()
    assert "0 added, 0 changed, 5 as they were." in bring_in(STAND_IN)
    assert state() == before


def test_ended_organisations_come_in_as_ended_with_their_successor(bring_in):
    said = bring_in(STAND_IN)
    assert "5 organisations read, 3 of them current." in said
    oak = rows()["Oak District Council"]
    assert oak.ended_on
    assert oak.successor == rows()["Ash Borough Council"]
    assert list(Organisation.objects.current().order_by("name").values_list("short_name", flat=True)) == [
        "Ash",
        "Beech",
        "Cedar",
    ]


def test_a_wrong_row_stops_everything_and_is_named_by_its_line(bring_in):
    with pytest.raises(Refused, match="Nothing was saved"):
        bring_in(WRONG)
    assert "line 4" in bring_in.said.err
    assert not Organisation.objects.exists()


def test_the_sound_rows_go_in_when_asked(bring_in):
    assert "2 added" in bring_in(WRONG, partial=True)
    assert "line 4" in bring_in.said.err
    assert set(rows()) == {"Riverbank Borough Council", "Comhairle Contae an Locha"}


def test_what_an_administrator_set_stays_where_the_file_is_silent(bring_in):
    bring_in(STAND_IN)
    Organisation.objects.filter(code="ASH").update(colour="#0b5d66", email_domains=["ash.example"])
    bring_in(STAND_IN)
    ash = Organisation.objects.get(code="ASH")
    assert (ash.colour, ash.email_domains) == ("#0b5d66", ["ash.example"])


def test_a_changed_row_changes_its_organisation_and_no_other(bring_in):
    bring_in(STAND_IN)
    others = [row for row in state() if row["code"] != "ASH"]
    assert "0 added, 1 changed, 4 as they were." in bring_in(STAND_IN.replace("48000.0", "51000.0"))
    assert Organisation.objects.get(code="ASH").population == 51000
    assert [row for row in state() if row["code"] != "ASH"] == others


def test_a_file_that_is_not_there_is_said_in_one_sentence():
    with pytest.raises((OSError, Refused)):
        importing.run(argparse.Namespace(file="/nowhere/list.csv", partial=False))


@pytest.mark.skipif(not MYSOCIETY.is_file(), reason="needs ../shared/data/organisations/uk_local_authorities.csv")
def test_mysocietys_list_comes_in_as_it_is_and_twice_is_once(bring_in):
    text = MYSOCIETY.read_text("utf-8")
    said = bring_in(text)
    assert "470 organisations read, 397 of them current." in said
    assert Organisation.objects.count() == 470
    assert Organisation.objects.current().count() == 397
    before = state()
    assert "0 added, 0 changed, 470 as they were." in bring_in(text)
    assert state() == before
