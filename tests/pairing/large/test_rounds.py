"""Rounds of people solved block by block, against the same rounds held whole."""

from dataclasses import replace

import numpy as np
import pytest

import pairing
from pairing import certificate, checks
from pairing.errors import BadProblem, Infeasible
from pairing.large import rounds
from pairing.types import Pair
from tests.pairing.rounds import mentee, mentor, problem, random_round, wants


@pytest.mark.parametrize("objective", ["total", "sum"])
@pytest.mark.parametrize("seed", range(40))
def test_a_round_is_solved_as_well_as_if_it_were_held_whole(seed, objective):
    made = random_round(seed, mentees=14, mentors=8, objective=objective)
    held, found = pairing.solve(made), rounds.solve(made, enough=0.0)
    assert found.placed == held.placed
    assert found.total == pytest.approx(held.total, abs=1e-9)
    assert found.gap <= 2e-5
    if found.pair_keys() == held.pair_keys():
        assert found.unmatched == held.unmatched
    assert found.inputs_hash == held.inputs_hash
    proof = certificate.check(made, found)
    assert proof.valid
    assert proof.gap <= 2e-5


@pytest.mark.parametrize("seed", range(6))
def test_a_pair_has_the_reasons_that_it_has_in_a_small_round(seed):
    made = random_round(seed, mentees=14, mentors=8)
    found = rounds.solve(made)
    for pair in found.pairs:
        told = pairing.explain_pair(made, pair.mentee_id, pair.mentor_id)
        assert (pair.score, pair.contributions) == (told.score, told.contributions)
    bare = rounds.solve(made, reasons=False)
    assert bare.pair_keys() == found.pair_keys()
    assert all(pair.contributions == () for pair in bare.pairs)
    assert rounds.told(made, bare.pairs[1:]) == found.pairs[1:]


def test_reasons_for_somebody_unknown_are_refused():
    with pytest.raises(BadProblem):
        rounds.told(problem(), [Pair("ben", "nobody", 0.5, ())])


def test_people_without_anybody_are_told_what_stands_in_the_way():
    made = problem([mentee("ben"), mentee("amy", organisation="south")], [mentor("hana"), mentor("joe")])
    held, found = pairing.solve(made), rounds.solve(made)
    assert found.unmatched == held.unmatched
    assert [one.reason for one in found.unmatched if one.person_id == "amy"] == ["nobody_possible"]


def test_locks_are_kept_and_take_their_places():
    made = random_round(4, mentees=14, mentors=8)
    kept = frozenset(sorted(rounds.solve(made).pair_keys())[:3])
    held, found = pairing.solve(replace(made, locks=kept)), rounds.solve(replace(made, locks=kept), enough=0.0)
    assert kept <= found.pair_keys()
    assert {(pair.mentee_id, pair.mentor_id) for pair in found.pairs if pair.locked} == kept
    assert (found.placed, pytest.approx(found.total)) == (held.placed, held.total)
    assert certificate.check(replace(made, locks=kept), found).valid


@pytest.mark.parametrize(
    "made",
    [
        problem([mentee(organisation="south")], locks=frozenset({("ben", "hana")})),
        problem([mentee(), mentee("amy")], locks=frozenset({("ben", "hana"), ("amy", "hana")})),
        problem(forbidden=frozenset({("ben", "hana")}), locks=frozenset({("ben", "hana")})),
    ],
)
def test_locks_that_cannot_be_are_refused_in_the_same_words(made):
    with pytest.raises(Infeasible) as held:
        pairing.solve(made)
    with pytest.raises(Infeasible) as found:
        rounds.solve(made)
    assert str(found.value) == str(held.value)


def test_a_bad_problem_is_refused():
    with pytest.raises(BadProblem):
        rounds.solve(problem([mentee(), mentee()]))


@pytest.mark.parametrize("made", [problem([], []), problem([]), problem(mentors=[]), problem([mentee(demand=0)])])
def test_empty_rounds_are_answered(made):
    assert rounds.solve(made).pairs == ()


def test_nobody_is_left_out_for_a_better_sum_however_long_the_chain():
    """Sixty people in a chain: only if each takes the worse of two mentors does the last one get one."""
    length = 60
    mentees = [mentee(f"a{n:02}", wants=wants("waste"), level="3") for n in range(length)]
    mentors = [mentor(f"b{n:02}", services=("waste",), level="4") for n in range(length)]
    open_to = {(f"a{n:02}", f"b{m:02}") for n in range(length) for m in (n, n + 1) if m < length}
    closed = {(one.id, other.id) for one in mentees for other in mentors} - open_to
    liked = [replace(one, shortlist=(f"b{n + 1:02}",)) for n, one in enumerate(mentees)]
    made = problem(liked, mentors, forbidden=frozenset(closed), weights={"shortlist": 1.0})
    assert rounds.solve(made).placed == pairing.solve(made).placed == length


def test_large_rounds_go_to_blocks_and_small_or_tied_ones_do_not(monkeypatch):
    made = random_round(1, mentees=12, mentors=9)
    assert not checks.is_large(made)
    monkeypatch.setattr(checks, "MOST_HELD", 100)
    assert checks.is_large(made)
    assert not checks.is_large(replace(made, objective="fair"))
    assert not checks.is_large(replace(made, rules=replace(made.rules, cross_organisation_share=0.5)))
    both = replace(made.mentors[0], identity=made.mentees[0].id)
    assert not checks.is_large(replace(made, mentors=(both, *made.mentors[1:])))
    assert pairing.solve(made).status in ("optimal", "within_gap")


def test_the_order_of_people_makes_no_difference():
    made = random_round(9, mentees=30, mentors=20)
    turned = replace(made, mentees=made.mentees[::-1], mentors=made.mentors[::-1])
    first, second = rounds.solve(made), rounds.solve(turned)
    assert (first.pairs, first.prices) == (second.pairs, second.prices)
    assert np.isfinite(first.bound)
