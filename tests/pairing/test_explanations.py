"""Why not, what would help, who is missing, what changed: all of it true when it is done."""

from dataclasses import replace

import pytest

import pairing
from pairing import words
from pairing.errors import BadProblem
from pairing.types import Rules
from tests.pairing.rounds import couples, mentee, mentor, problem, random_round, wants


def round_and_solution(seed, **values):
    asked = random_round(seed, **values)
    return asked, pairing.solve(asked)


@pytest.mark.parametrize("start", range(0, 200, 25))
def test_the_first_change_matches_the_person_in_two_hundred_rounds(start):
    for seed in range(start, start + 25):
        asked, solution = round_and_solution(seed, mentees=6, mentors=4)
        for one in solution.unmatched:
            if one.role == "mentee":
                first, *_ = changes = pairing.cheapest_changes(asked, solution, one.person_id)
                again = pairing.solve(pairing.apply_change(asked, first))
                assert again.mentors_of(one.person_id) == first.matched_with != ()
                assert (again.placed, pytest.approx(again.total)) == (first.placed_after, first.total_after)
                assert again.placed > solution.placed
                assert [change.effort for change in changes] == sorted(change.effort for change in changes)
                _touches_nothing_sacred(asked, first)


def _touches_nothing_sacred(asked, change):
    for before in (*asked.mentees, *asked.mentors):
        changed = pairing.apply_change(asked, change)
        after = next(p for p in (*changed.mentees, *changed.mentors) if (p.id, p.role) == (before.id, before.role))
        for name in ("not_with", "blocked", "line_manager_ids"):
            assert getattr(before, name) == getattr(after, name)


OFFICE = ((540, 1020), (1980, 2460))
CHANGES = {
    "lift_forbidden": (
        [mentee()],
        [mentor()],
        {"forbidden": frozenset({("ben", "hana")})},
        "Allow ben with hana again",
    ),
    "one_more_place": ([mentee(), mentee("amy")], [mentor()], {}, "One more place with hana"),
    "add_hours": (
        [mentee(hours=((3420, 3900),))],
        [mentor(hours=OFFICE)],
        {},
        "ben adds Monday 09:00 to 17:00 UTC",
    ),
    "fewer_shared_minutes": (
        [mentee(hours=((540, 590),))],
        [mentor(hours=((540, 1020),))],
        {},
        "Ask for 45 minutes of shared time a week, no more",
    ),
    "widen_seniority": (
        [mentee(level="3")],
        [mentor(level="7")],
        {"rules": Rules(seniority=(1, 3))},
        "Allow mentors from one level above to four levels above",
    ),
    "allow_same_organisation": (
        [mentee(organisation="south")],
        [mentor()],
        {},
        "Allow pairs within one organisation",
    ),
    "more_mentees_each": (
        [mentee(), mentee("amy")],
        [mentor(capacity=3)],
        {"rules": Rules(max_mentees=1)},
        "Allow up to two mentees for each mentor",
    ),
    "more_places_taken": (
        [mentee(), mentee("amy")],
        [mentor(capacity=2)],
        {"rules": Rules(places_taken={"north": 1}, max_mentees=2)},
        "north takes two places",
    ),
    "more_places_given": (
        [mentee(), mentee("amy")],
        [mentor(capacity=2)],
        {"rules": Rules(places_given={"south": 1}, max_mentees=2)},
        "south gives two places",
    ),
    "lower_cross_share": (
        [mentee(), mentee("amy")],
        [mentor(organisation="north", capacity=2), mentor("zoe", accepts_from="own")],
        {"rules": Rules(same_organisation_allowed=True, cross_organisation_share=0.5, max_mentees=2)},
        "Ask for 0% of pairs across organisations, no more",
    ),
    "recruit": (
        [mentee(wants=wants("waste"), line_manager_ids=frozenset({"hana"}))],
        [mentor()],
        {},
        "A new mentor who offers waste",
    ),
}


@pytest.mark.parametrize(("kind", "case"), CHANGES.items(), ids=CHANGES)
def test_each_kind_of_change_is_found_said_and_true(kind, case):
    mentees, mentors, values, sentence = case
    asked = problem(mentees, mentors, **values)
    solution = pairing.solve(asked)
    lost = next(one.person_id for one in solution.unmatched if one.role == "mentee")
    found = {change.kind: change for change in pairing.cheapest_changes(asked, solution, lost)}
    assert kind in found
    assert words.change(found[kind]).replace(lost, "ben").startswith(sentence)
    assert pairing.solve(pairing.apply_change(asked, found[kind])).mentors_of(lost) == found[kind].matched_with


def test_a_lock_that_stands_in_the_way_may_be_lifted():
    mentees = [mentee(), mentee("amy")]
    mentors = [mentor(), mentor("zoe", not_with=frozenset({"person:ben"}))]
    asked = problem(mentees, mentors, locks=frozenset({("amy", "hana")}))
    first, *_ = pairing.cheapest_changes(asked, pairing.solve(asked), "ben")
    assert (first.kind, words.change(first)) == ("lift_lock", "Unlock amy from hana")
    assert pairing.solve(pairing.apply_change(asked, first)).placed == 2


def test_where_no_single_change_is_enough_several_come_together():
    ben = mentee(level="3", hours=((540, 590),))
    asked = problem([ben], [mentor(level="7", hours=((540, 1020),))], rules=Rules(seniority=(1, 3)))
    [only] = pairing.cheapest_changes(asked, pairing.solve(asked), "ben")
    assert words.change(only) == (
        "Ask for 45 minutes of shared time a week, no more, and allow mentors from one level above to four levels above"
    )
    assert pairing.solve(pairing.apply_change(asked, only)).mentors_of("ben") == ("hana",)


def test_who_has_all_they_want_needs_no_change():
    asked = problem([mentee(), mentee("idle", demand=0)])
    solution = pairing.solve(asked)
    assert pairing.cheapest_changes(asked, solution, "ben") == ()
    assert pairing.cheapest_changes(asked, solution, "idle") == ()
    assert pairing.cheapest_changes(asked, solution, "nobody") == ()


@pytest.mark.parametrize("objective", ["total", "fair"])
@pytest.mark.parametrize("seed", range(6))
def test_what_another_pair_would_cost_is_what_locking_it_costs(seed, objective):
    asked, solution = round_and_solution(seed, mentees=7, mentors=5, objective=objective)
    for one in asked.mentees:
        for other in asked.mentors:
            told = pairing.why_not(asked, solution, one.id, other.id)
            assert (told.status == "paired") == ((one.id, other.id) in solution.pair_keys())
            if told.status == "possible":
                again = pairing.solve(replace(asked, locks=frozenset({(one.id, other.id)})))
                assert told.cost_placed == solution.placed - again.placed >= 0
                assert told.cost_total == pytest.approx(solution.total - again.total)
                assert told.cost_worst == pytest.approx(solution.worst - again.worst)
                difference = pairing.compare(solution, again)
                moved = (*difference.gained, *difference.lost, *difference.moved)
                assert set(told.moves) == set(moved)


def test_a_pair_that_locks_leave_no_room_for_is_decided():
    asked = problem([mentee(), mentee("amy")], [mentor()], locks=frozenset({("amy", "hana")}))
    told = pairing.why_not(asked, pairing.solve(asked), "ben", "hana")
    assert (told.status, told.obstacles[0].key) == ("impossible", "decided")


def test_a_solution_of_another_problem_is_refused():
    asked = problem()
    solution = pairing.solve(asked)
    other = replace(asked, weights={"hours": 1.0})
    for question in (
        lambda: pairing.why_not(other, solution, "ben", "hana"),
        lambda: pairing.cheapest_changes(other, solution, "ben"),
        lambda: pairing.recruiting_list(other, solution),
    ):
        with pytest.raises(BadProblem, match="another problem"):
            question()


@pytest.mark.parametrize("ids", [("nobody", "hana"), ("ben", "nobody")])
def test_a_question_about_a_stranger_is_refused(ids):
    with pytest.raises(BadProblem, match="nobody"):
        pairing.explain_pair(problem(), *ids)


RECRUITING_RULES = {
    "plain": None,
    "quota": Rules(same_organisation_allowed=True, cross_organisation_share=0.6, places_given={"south": 1}),
}


@pytest.mark.parametrize("rules", RECRUITING_RULES.values(), ids=RECRUITING_RULES)
@pytest.mark.parametrize("objective", ["total", "fair"])
@pytest.mark.parametrize("seed", range(5))
def test_a_recruit_is_worth_exactly_what_the_list_says(seed, objective, rules):
    asked, solution = round_and_solution(seed, mentees=9, mentors=5, objective=objective, rules=rules)
    found = pairing.recruiting_list(asked, solution)
    assert found or solution.placed == len(asked.mentees)
    for recruit in found:
        again = pairing.solve(replace(asked, mentors=(*asked.mentors, recruit.person)))
        assert again.placed - solution.placed == recruit.placed
        assert again.total - solution.total == pytest.approx(recruit.total)


def test_the_recruiting_list_asks_for_what_is_wanted_at_a_level_that_helps():
    mentees = [mentee(f"e{n}", level="4", wants=wants("licensing"), hours=((540, 780),)) for n in range(3)]
    asked = problem(mentees, [mentor(level="6", offers=wants("waste"))], rules=Rules(seniority=(1, 3)))
    first, *_ = pairing.recruiting_list(asked, pairing.solve(asked))
    assert (first.kind, first.key, first.level, first.placed) == ("service", "licensing", "5", 1)
    assert first.hours == ((540, 780),)
    assert first.wanted_by == ("e0", "e1", "e2")


def test_a_difference_names_who_gained_who_lost_and_who_moved():
    mentees = [mentee("a", wants=wants("waste")), mentee("b"), mentee("c", wants=wants("finance"))]
    mentors = [mentor("w", offers=wants("waste")), mentor("f", offers=wants("finance"))]
    prepared = pairing.prepare(problem(mentees, mentors))
    before = prepared.solve()
    after = prepared.solve(locks=frozenset({("a", "f"), ("b", "w")}))
    difference = pairing.compare(before, after)
    assert couples(before) == [("a", "w"), ("c", "f")]
    assert [(move.mentee_id, move.before, move.after) for move in difference.moved] == [("a", ("w",), ("f",))]
    assert [move.mentee_id for move in difference.gained] == ["b"]
    assert [move.mentee_id for move in difference.lost] == ["c"]
    assert (difference.kept, difference.placed, difference.unmatched_mentees) == (0, (2, 2), (1, 1))
    assert difference.total == (before.total, after.total)


def test_a_solution_compared_with_itself_has_no_difference():
    _, solution = round_and_solution(1)
    difference = pairing.compare(solution, solution)
    assert (difference.gained, difference.lost, difference.moved) == ((), (), ())
    assert difference.kept == solution.placed


def test_everybody_gets_words_for_their_pair():
    _, solution = round_and_solution(4, mentees=9, mentors=9)
    for pair in solution.pairs:
        for audience in ("mentee", "mentor", "coordinator"):
            sentences = words.reasons(pair, audience)
            assert sentences
            assert all(text[0].isupper() or text[0].isdigit() for text in sentences)
