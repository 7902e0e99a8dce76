"""A criterion or a constraint of one's own is one function and one line."""

import numpy as np
import pytest

import pairing
from pairing import constraints, criteria, words
from pairing.errors import BadProblem, Infeasible
from tests.pairing.rounds import couples, mentee, mentor, problem


def _first_letter(facts, problem):
    return facts.same(lambda person: person.id[0]).astype(float), np.ones(facts.shape, dtype=bool)


def _letter(facts, problem, row, column):
    return {"letter": facts.mentors[column].id[0]}


def _odd(facts, problem):
    return np.logical_xor.outer([len(p.id) % 2 for p in facts.mentees], [len(p.id) % 2 for p in facts.mentors])


@pytest.mark.usefixtures("own_names")
def test_a_criterion_counts_as_soon_as_it_is_registered_and_weighted():
    asked = problem([mentee("amy"), mentee("ben")], [mentor("ada"), mentor("bob")], weights={"first_letter": 1.0})
    with pytest.raises(BadProblem, match="no criterion called 'first_letter'"):
        pairing.solve(asked)
    criteria.register(criteria.Criterion("first_letter", 0.0, _first_letter, _letter))
    solution = pairing.solve(asked)
    assert couples(solution) == [("amy", "ada"), ("ben", "bob")]
    [contribution] = solution.pairs[0].contributions
    assert (contribution.criterion, contribution.score01) == ("first_letter", 1.0)
    assert contribution.evidence == {"known": True, "letter": "a"}
    assert words.sentence(contribution, "mentee") == "First letter"


@pytest.mark.usefixtures("own_names")
@pytest.mark.parametrize(("hidden", "key"), [(False, "odd_names"), (True, "not_possible")])
def test_a_constraint_holds_as_soon_as_it_is_registered(hidden, key):
    asked = problem([mentee("amy")], [mentor("hana"), mentor("zoe")])
    constraints.register(constraints.Constraint("odd_names", _odd, hidden=hidden, says="their names do not suit"))
    solution = pairing.solve(asked)
    assert couples(solution) == [("amy", "zoe")]
    told = pairing.why_not(asked, solution, "amy", "hana")
    assert [one.key for one in told.obstacles] == [key]
    assert (words.obstacle(told.obstacles[0]) == "Their names do not suit.") is not hidden
    with pytest.raises(Infeasible, match="this pair is not possible" if hidden else "their names do not suit"):
        pairing.prepare(asked).solve(locks=frozenset({("amy", "hana")}))


def test_a_name_is_given_once():
    with pytest.raises(ValueError, match="hours"):
        criteria.register(criteria.Criterion("hours", 0.0, _first_letter, _letter))
    with pytest.raises(ValueError, match="conflict"):
        constraints.register(constraints.Constraint("conflict", _odd))
