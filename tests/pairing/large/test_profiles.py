"""Blocks from people against the matrices that a small round holds."""

from dataclasses import replace

import numpy as np
import pytest

from pairing import constraints, criteria, prepare
from pairing.constraints import BIT
from pairing.large import profiles
from pairing.large.profiles import Profiles
from pairing.types import DEFAULT_WEIGHTS
from tests.pairing.rounds import random_round


def held(problem):
    """Scores as a small round holds them; capacity is told to the search by numbers."""
    prepared = prepare(problem)
    return np.where(prepared.mask & ~BIT["capacity"] > 0, -np.inf, prepared.scores())


def compare(problem):
    source, table = Profiles(problem), held(problem)
    rows, columns = np.indices(table.shape)
    exact = source.exact(rows.ravel(), columns.ravel()).reshape(table.shape)
    assert np.array_equal(exact, table)
    block = source.block(slice(None)).astype(np.float64)
    assert np.array_equal(np.isinf(block), np.isinf(table))
    allowed = np.isfinite(table)
    apart = np.abs(block[allowed] - table[allowed])
    assert apart.max(initial=0.0) <= source.slack


@pytest.mark.parametrize("seed", range(60))
def test_blocks_and_pairs_have_the_scores_of_a_small_round(seed):
    made = random_round(seed, mentees=9, mentors=7)
    weights = {**DEFAULT_WEIGHTS, "previous": float(seed % 3)}
    before = replace(made.mentees[0], previous=frozenset([made.mentors[seed % 7].id]))
    compare(replace(made, weights=weights, mentees=(before, *made.mentees[1:])))


@pytest.mark.parametrize("name", DEFAULT_WEIGHTS)
def test_every_criterion_alone_has_the_scores_of_a_small_round(name):
    made = random_round(3, mentees=12, mentors=9, weights={name: 1.0})
    compare(made)


def test_tables_too_large_to_widen_are_looked_up(monkeypatch):
    monkeypatch.setattr(profiles, "LEAST_CELLS", 40)
    monkeypatch.setattr(profiles, "SHARE_OF_ALL", 1000)
    made = random_round(8, mentees=12, mentors=9)
    assert Profiles(made)._narrow
    compare(made)


def test_a_part_of_a_block_is_a_part_of_the_whole():
    source = Profiles(random_round(5, mentees=9, mentors=7))
    assert np.array_equal(source.block(slice(2, 6), slice(1, 4)), source.block(slice(None))[2:6, 1:4])


def test_organisations_somebody_declared_are_ruled_out():
    made = random_round(2, mentees=6, mentors=5)
    wary = replace(made.mentors[0], not_with=frozenset({"organisation:north"}))
    compare(replace(made, mentors=(wary, *made.mentors[1:])))


def test_words_of_ones_own_and_registered_measures_are_measured_block_by_block(monkeypatch):
    def even(facts, problem):
        return np.fromfunction(lambda row, column: (row + column) % 2, facts.shape), np.ones(facts.shape, dtype=bool)

    def elsewhere(facts, problem):
        return ~facts.same(lambda person: person.country)

    monkeypatch.setitem(criteria.CRITERIA, "even", criteria.Criterion("even", 0.5, even, lambda *_: {}))
    monkeypatch.setitem(constraints.REGISTERED, "elsewhere", constraints.Constraint("elsewhere", elsewhere))
    monkeypatch.setitem(constraints.BIT, "elsewhere", np.uint32(1 << 20))
    made = random_round(7, mentees=9, mentors=7, weights={"wants_offers": 2.0, "even": 1.0})
    mentees = [replace(one, country="gb" if number % 2 else "ie") for number, one in enumerate(made.mentees)]
    mentors = [replace(one, country="gb" if number % 3 else "ie") for number, one in enumerate(made.mentors)]
    compare(replace(made, mentees=tuple(mentees), mentors=tuple(mentors)))
