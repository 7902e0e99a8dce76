import pytest

from commonhall.matching.plain import from_plain, pack, to_plain, unpack
from pairing.types import Change, Person, Problem, Rules, Wish

PERSON = Person(
    id="1",
    role="mentee",
    wants=(Wish("service", "housing", 2, 0.5), Wish("tag", "choirs")),
    hours=((540, 600), (700, 760)),
    not_with=frozenset({"person:user:2", "organisation:9"}),
    shortlist=("7", "8"),
    level="E2",
)


@pytest.mark.parametrize(
    "value",
    [
        PERSON,
        Rules(seniority=(-1, 3), places_given={"4": 2}, cross_organisation_share=0.5),
        Problem(mentees=(PERSON,), mentors=(), locks=frozenset({("1", "2"), ("3", "4")}), weights={"hours": 2.0}),
        Change(kind="recruit", mentee_id="1", effort=8.0, person=PERSON, matched_with=("2",)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_value_comes_back_as_it_was(value):
    assert from_plain(type(value), unpack(pack(to_plain(value)))) == value


def test_equal_values_give_equal_bytes():
    forth = Problem(mentees=(), mentors=(), forbidden=frozenset({("1", "2"), ("3", "4")}))
    back = Problem(mentees=(), mentors=(), forbidden=frozenset({("3", "4"), ("1", "2")}))
    assert pack(to_plain(forth)) == pack(to_plain(back))
