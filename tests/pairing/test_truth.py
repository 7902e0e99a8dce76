"""What is said of two hundred made-up rounds, own words included, comes true when it is done, and tells no secrets."""

import random
from dataclasses import replace

import pytest

import pairing
from pairing import constraints, words
from pairing.text import vectors
from pairing.types import Change, Rules
from tests.pairing.paraphrases import PARAPHRASES
from tests.pairing.rounds import couples, mentee, mentor, problem, random_round

WEIGHTS = {"text": 4.0, "wants_offers": 2.0, "rhythm": 1.0, "background": 1.0, "hours": 1.0, "shortlist": 1.0}


def spoken(seed, mentees=6, mentors=4, **values):
    """A made-up round whose people have also written, worked elsewhere before and said how often they would meet."""
    dice = random.Random(seed)
    asked = random_round(seed, mentees=mentees, mentors=mentors, weights=WEIGHTS, **values)
    texts = dice.sample(PARAPHRASES, 12)
    more = [
        [
            replace(
                one,
                text_want=texts[n % 12][0] if role == "mentee" and dice.random() < 0.8 else "",
                text_offer=texts[dice.randint(0, 11)][1] if role == "mentor" and dice.random() < 0.8 else "",
                career=frozenset(dice.sample(["housing", "waste", "planning"], dice.randint(0, 2))),
                rhythm=dice.choice([0, 1, 2, 4]),
            )
            for n, one in enumerate(people)
        ]
        for role, people in (("mentee", asked.mentees), ("mentor", asked.mentors))
    ]
    return vectors.filled(replace(asked, mentees=tuple(more[0]), mentors=tuple(more[1])))


@pytest.mark.parametrize("start", range(0, 200, 25))
def test_the_first_change_matches_the_person(start):
    for seed in range(start, start + 25):
        asked = spoken(seed)
        solution = pairing.solve(asked)
        for one in (one for one in solution.unmatched if one.role == "mentee"):
            first, *_rest = pairing.cheapest_changes(asked, solution, one.person_id)
            again = pairing.solve(pairing.apply_change(asked, first))
            assert again.mentors_of(one.person_id) == first.matched_with != ()
            assert (again.placed, pytest.approx(again.total)) == (first.placed_after, first.total_after)


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_what_another_pair_would_cost_and_who_would_move_is_so(start):
    for seed in range(start, start + 50):
        asked = spoken(seed)
        solution = pairing.solve(asked)
        dice = random.Random(seed)
        one, other = dice.choice(asked.mentees), dice.choice(asked.mentors)
        told = pairing.why_not(asked, solution, one.id, other.id)
        if told.status == "possible":
            again = pairing.solve(replace(asked, locks=frozenset({(one.id, other.id)})))
            assert told.cost_placed == solution.placed - again.placed
            assert told.cost_total == pytest.approx(solution.total - again.total)
            moved = pairing.compare(solution, again)
            assert set(told.moves) == {*moved.gained, *moved.lost, *moved.moved}
        elif told.status == "impossible":
            assert (one.id, other.id) not in pairing.solve(replace(asked, weights={"hours": 1.0})).pair_keys()


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_one_more_place_is_worth_its_price_and_no_less_than_nothing(start):
    """A price is the right-hand derivative: with one more place there the total and the placed rise by just that."""
    for seed in range(start, start + 50):
        asked = spoken(seed, rules=Rules(min_shared_minutes=60))
        solution = pairing.solve(asked)
        # Who offers no place at all is no part of the market, and has no price.
        offering = [one.id for one in asked.mentors if one.capacity]
        dearest = max(offering, key=lambda name: (solution.prices[name], name))
        more = pairing.solve(
            pairing.apply_change(asked, Change(kind="one_more_place", mentee_id="", effort=0.0, mentor_id=dearest))
        )
        placing = solution.multipliers["placing"]
        gained = more.total - solution.total + placing * (more.placed - solution.placed)
        assert gained == pytest.approx(solution.prices[dearest], abs=1e-6)


@pytest.mark.parametrize("seed", range(0, 200, 20))
def test_a_recruit_is_worth_what_the_list_says(seed):
    asked = spoken(seed, mentees=8, mentors=4)
    solution = pairing.solve(asked)
    for recruit in pairing.recruiting_list(asked, solution):
        again = pairing.solve(replace(asked, mentors=(*asked.mentors, recruit.person)))
        assert again.placed - solution.placed == recruit.placed
        assert again.total - solution.total == pytest.approx(recruit.total)


def test_own_words_decide_where_everything_else_is_equal():
    goals, offers = ([pair[side] for pair in PARAPHRASES if "cyber" in pair[0] or "NHS" in pair[1]] for side in (0, 1))
    asked = problem(
        [mentee(f"m{n}", text_want=goal) for n, goal in enumerate(goals)],
        [mentor(f"t{n}", text_offer=offer) for n, offer in enumerate(offers)],
    )
    assert couples(pairing.solve(asked)) == [("m0", "t0"), ("m1", "t1")]


SECRET = "canary"
SECRETS = {
    "a conflict with a person": {"not_with": frozenset({"person:hana", f"person:{SECRET}"})},
    "a conflict with an organisation": {"not_with": frozenset({"organisation:south", f"organisation:{SECRET}"})},
    "a block": {"blocked": frozenset({"hana", SECRET})},
    "a line manager": {"line_manager_ids": frozenset({SECRET})},
}


def everything_said(asked):
    """All that the engine hands out about a round, as text: evidence, obstacles, counts, changes and every word."""
    solution = pairing.solve(asked)
    told = [solution.pairs, solution.unmatched, solution.multipliers]
    for one in asked.mentees:
        for change in pairing.cheapest_changes(asked, solution, one.id):
            told += [change, words.change(change)]
        for other in asked.mentors:
            found = pairing.why_not(asked, solution, one.id, other.id)
            reason = pairing.explain_pair(asked, one.id, other.id)
            told += [found, reason, *(words.obstacle(obstacle) for obstacle in found.obstacles)]
            for audience in ("mentee", "mentor", "coordinator"):
                told += [words.sentence(contribution, audience) for contribution in reason.contributions]
    told.append(pairing.recruiting_list(asked, solution))
    return repr(told)


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_nothing_that_is_handed_out_holds_a_confidence(secret):
    asked = problem([mentee(**secret), mentee("amy")], [mentor(), mentor("zoe", organisation="north")])
    text = everything_said(asked)
    assert SECRET not in text
    assert "conflict" not in text
    assert "blocked" not in text


def test_a_conflict_and_a_block_cannot_be_told_apart():
    def told(**secret):
        asked = problem([mentee(**secret), mentee("amy")], [mentor(), mentor("zoe")])
        solution = pairing.solve(asked)
        return pairing.why_not(asked, solution, "ben", "hana"), solution.unmatched

    assert told(not_with=frozenset({"person:hana"})) == told(blocked=frozenset({"hana"}))
    assert {"conflict", "blocked"} == {name for name, one in constraints.REGISTERED.items() if one.hidden}
