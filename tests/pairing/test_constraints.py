"""What never happens, and what may be said about it."""

from dataclasses import replace

import pytest

import pairing
from pairing import words
from pairing.types import Rules
from tests.pairing.rounds import couples, mentee, mentor, problem

MONDAY = ((540, 720),)
TUESDAY = ((1980, 2160),)


def keys(reason):
    return [obstacle.key for obstacle in reason.obstacles]


FORBIDDEN = {
    "the same id in both roles": ({"id": "x"}, {"id": "x"}, {}, "same_person"),
    "the same address in both roles": ({"identity": "b@a"}, {"identity": "b@a"}, {}, "same_person"),
    "the mentor manages the mentee": ({"line_manager_ids": frozenset({"hana"})}, {}, {}, "reporting_line"),
    "the mentee manages the mentor": ({}, {"line_manager_ids": frozenset({"ben"})}, {}, "reporting_line"),
    "a manager known by address": (
        {"line_manager_ids": frozenset({"h@s"})},
        {"identity": "h@s"},
        {},
        "reporting_line",
    ),
    "the same organisation": ({"organisation": "south"}, {}, {}, "same_organisation"),
    "a conflict with a person": ({"not_with": frozenset({"person:hana"})}, {}, {}, "not_possible"),
    "a conflict with an organisation": ({}, {"not_with": frozenset({"organisation:north"})}, {}, "not_possible"),
    "a block": ({}, {"blocked": frozenset({"ben"})}, {}, "not_possible"),
    "no language in common": (
        {"languages": frozenset({"cy"})},
        {"languages": frozenset({"en"})},
        {},
        "no_common_language",
    ),
    "no hour in common": ({"hours": MONDAY}, {"hours": TUESDAY}, {}, "no_shared_hours"),
    "too few levels above": ({"level": 4}, {"level": "4"}, {"seniority": (1, 3)}, "seniority"),
    "too many levels above": ({"level": "1"}, {"level": "9"}, {"seniority": (1, 3)}, "seniority"),
    "no place": ({}, {"capacity": 0}, {}, "capacity"),
    "no place under the programme's cap": ({}, {}, {"max_mentees": 0}, "capacity"),
    "an organisation that keeps to itself": ({"accepts_from": "own"}, {}, {}, "organisation_rule"),
    "an organisation that keeps to its pool": (
        {"accepts_from": "pool", "pools": frozenset({"p"})},
        {"pools": frozenset({"q"})},
        {},
        "organisation_rule",
    ),
}


@pytest.mark.parametrize(("mine", "theirs", "rules", "key"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_pair_is_never_made_and_its_reason_is_public(mine, theirs, rules, key):
    here, there = (
        mentee(**{"person_id": mine.get("id", "ben"), **_rest(mine)}),
        mentor(**{"person_id": theirs.get("id", "hana"), **_rest(theirs)}),
    )
    asked = problem([here], [there], rules=Rules(**rules))
    solution = pairing.solve(asked)
    reason = pairing.explain_pair(asked, here.id, there.id)
    assert couples(solution) == []
    assert key in keys(reason)
    assert not reason.allowed
    assert pairing.why_not(asked, solution, here.id, there.id).status == "impossible"
    assert all(words.obstacle(obstacle).endswith(".") for obstacle in reason.obstacles)


def _rest(values):
    return {name: value for name, value in values.items() if name != "id"}


ALLOWED = {
    "the same organisation where the rules allow it": (
        {"organisation": "south"},
        {},
        {"same_organisation_allowed": True},
    ),
    "nobody has said where they work": ({"organisation": ""}, {"organisation": ""}, {}),
    "hours of one side alone": ({"hours": MONDAY}, {}, {}),
    "languages of one side alone": ({"languages": frozenset({"cy"})}, {}, {}),
    "an officer and a member": ({"level": "3"}, {"level": "E1"}, {"seniority": (1, 3)}),
    "a retired mentor": ({"level": "3"}, {"level": "R"}, {"seniority": (1, 3)}),
    "reverse mentoring": ({"level": "8"}, {"level": "2"}, {"seniority": (-9, -1)}),
    "just enough hours": ({"hours": ((540, 600),)}, {"hours": MONDAY}, {}),
    "a shared pool": ({"accepts_from": "pool"}, {"accepts_from": "pool"}, {}),
    "own people where the rules allow it": (
        {"organisation": "south", "accepts_from": "own"},
        {},
        {"same_organisation_allowed": True},
    ),
}


@pytest.mark.parametrize(("mine", "theirs", "rules"), ALLOWED.values(), ids=ALLOWED)
def test_what_nobody_forbids_is_allowed(mine, theirs, rules):
    assert couples(pairing.solve(problem([mentee(**mine)], [mentor(**theirs)], rules=Rules(**rules)))) == [
        ("ben", "hana")
    ]


@pytest.mark.parametrize("hidden", [{"not_with": frozenset({"person:hana"})}, {"blocked": frozenset({"hana"})}])
def test_a_conflict_is_named_nowhere(hidden):
    asked = problem([mentee(**hidden)])
    solution = pairing.solve(asked)
    everything = repr(
        [
            solution,
            pairing.explain_pair(asked, "ben", "hana"),
            pairing.why_not(asked, solution, "ben", "hana"),
            pairing.cheapest_changes(asked, solution, "ben"),
        ]
    )
    for change in pairing.cheapest_changes(asked, solution, "ben"):
        assert change.mentor_id != "hana"
    told = everything.replace("not_with=frozenset()", "").replace("blocked=frozenset()", "")
    assert "conflict" not in told
    assert "blocked" not in told
    assert "not_possible" in told


def test_a_conflict_beside_another_reason_shows_only_the_other():
    asked = problem([mentee(organisation="south", not_with=frozenset({"person:hana"}))])
    assert keys(pairing.explain_pair(asked, "ben", "hana")) == ["same_organisation"]


def test_hours_are_counted_to_the_minute():
    asked = problem([mentee(hours=((541, 600),))], [mentor(hours=MONDAY)])
    [obstacle] = pairing.explain_pair(asked, "ben", "hana").obstacles
    assert obstacle.evidence == {"shared_minutes": 59, "needed_minutes": 60}
    assert words.obstacle(obstacle) == "They share 59 minutes a week; the programme asks for one hour."


def test_overlapping_hours_count_once():
    asked = problem([mentee(hours=((540, 600), (550, 590)))], [mentor(hours=((540, 600),))])
    [hours] = [c for c in pairing.explain_pair(asked, "ben", "hana").contributions if c.criterion == "hours"]
    assert hours.evidence["shared_minutes"] == 60


def test_seniority_says_how_far_apart():
    asked = problem([mentee(level="5")], [mentor(level="4")], rules=Rules(seniority=(1, 3)))
    [obstacle] = pairing.explain_pair(asked, "ben", "hana").obstacles
    assert words.obstacle(obstacle) == "The mentor stands one level below; the programme asks for 1 to 3 above."


def test_the_unmatched_carry_counts_of_what_stands_in_their_way():
    asked = problem(
        [mentee(level="5")],
        [mentor("a", organisation="north"), mentor("b", level="5"), mentor("c", level="5", organisation="north")],
        rules=Rules(seniority=(1, 3)),
    )
    ben = next(one for one in pairing.solve(asked).unmatched if one.person_id == "ben")
    assert (ben.reason, dict(ben.obstacles)) == ("nobody_possible", {"same_organisation": 2, "seniority": 2})


@pytest.mark.parametrize(
    ("values", "reason"),
    [({"capacity": 0}, "no_capacity"), ({"level": "1"}, "nobody_possible"), ({}, "not_needed")],
)
def test_an_unmatched_mentor_has_a_reason(values, reason):
    asked = problem(
        [mentee(level="3", shortlist=("hana",))], [mentor(), mentor("zoe", **values)], rules=Rules(seniority=(1, 3))
    )
    [zoe] = [one for one in pairing.solve(asked).unmatched if one.person_id == "zoe"]
    assert (zoe.role, zoe.reason) == ("mentor", reason)


def test_a_mentee_without_a_place_knows_how_many_would_do():
    asked = problem([mentee("a"), mentee("b"), mentee("c", demand=0)])
    by_reason = {one.reason: one.possible for one in pairing.solve(asked).unmatched}
    assert by_reason == {"no_places": 1, "no_demand": 0}


def test_a_place_held_back_by_a_limit_is_called_so():
    asked = problem([mentee("a"), mentee("b")], [mentor(capacity=2)], rules=Rules(places_taken={"north": 1}))
    [one] = [found for found in pairing.solve(asked).unmatched if found.role == "mentee"]
    assert one.reason == "limits"
    assert pairing.solve(replace(asked, rules=Rules(places_taken={"north": 2}))).unmatched == ()


@pytest.mark.parametrize(
    ("mine", "theirs", "minutes"),
    [
        ((MONDAY, None), (MONDAY, None), 180),
        ((MONDAY, TUESDAY), (MONDAY, None), 90),
        ((MONDAY, TUESDAY), (MONDAY, TUESDAY), 180),
        ((MONDAY, TUESDAY), (TUESDAY, MONDAY), 0),
        (((), MONDAY), (MONDAY, None), 90),
        (((), MONDAY), (MONDAY, ()), 0),
    ],
)
def test_weeks_that_alternate_share_what_they_share_week_by_week(mine, theirs, minutes):
    people = [mentee(hours=mine[0], second_week=mine[1])], [mentor(hours=theirs[0], second_week=theirs[1])]
    reason = pairing.explain_pair(problem(*people, rules=Rules(min_shared_minutes=91)), "ben", "hana")
    assert reason.allowed is (minutes > 90)
    if not reason.allowed:
        assert reason.obstacles[0].evidence == {"shared_minutes": minutes, "needed_minutes": 91}
