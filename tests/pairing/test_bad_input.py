"""Nonsense gets a sentence; hard but sound questions get an answer."""

from dataclasses import replace

import pytest

import pairing
from pairing.errors import BadProblem, PairingError
from pairing.types import Rules, Wish
from tests.pairing.rounds import mentee, mentor, problem

NAN, INF = float("nan"), float("inf")

BAD = {
    "the same mentee twice": (problem([mentee(), mentee()]), "'ben' is in this round 2 times"),
    "the same mentor twice": (problem(mentors=[mentor(), mentor()]), "'hana' is in this round 2 times"),
    "no id": (problem([mentee("")]), "A mentee has no id"),
    "a mentor among the mentees": (problem([mentor()]), "has the role 'mentor'"),
    "negative capacity": (problem(mentors=[mentor(capacity=-1)]), "capacity of -1"),
    "half a place": (problem(mentors=[mentor(capacity=1.5)]), "capacity of 1.5"),
    "not a number of places": (problem(mentors=[mentor(capacity=NAN)]), "capacity of nan"),
    "negative demand": (problem([mentee(demand=-2)]), "demand of -2"),
    "hours that end before they begin": (problem([mentee(hours=((600, 540),))]), "hours 600 to 540"),
    "hours beyond the week": (problem([mentee(hours=((10000, 10081),))]), "hours 10000 to 10081"),
    "a level that does not exist": (problem([mentee(level="21")]), "the level '21'"),
    "a member's level that does not exist": (problem([mentee(level="E4")]), "the level 'E4'"),
    "a rule of nobody": (problem([mentee(accepts_from="friends")]), "accepts people from 'friends'"),
    "a wish without weight": (problem([mentee(wants=(Wish("tag", "x", 0, NAN),))]), "the weight nan"),
    "a wish of level five": (problem([mentee(wants=(Wish("tag", "x", 5),))]), "the level 5"),
    "an unknown criterion": (problem(weights={"charm": 1.0}), "no criterion called 'charm'"),
    "a negative weight": (problem(weights={"hours": -1.0}), "weight of hours is -1.0"),
    "a weight that is no number": (problem(weights={"hours": NAN}), "weight of hours is nan"),
    "an infinite weight": (problem(weights={"hours": INF}), "weight of hours is inf"),
    "all weights zero": (problem(weights={"hours": 0.0}), "Every weight is zero"),
    "no weights at all": (problem(weights={}), "Every weight is zero"),
    "an unknown objective": (problem(objective="best"), "no objective called 'best'"),
    "a lock of a stranger": (problem(locks=frozenset({("ben", "zoe")})), "the mentor 'zoe', who is not"),
    "a forbidden stranger": (problem(forbidden=frozenset({("amy", "hana")})), "the mentee 'amy', who is not"),
    "a share above one": (problem(rules=Rules(cross_organisation_share=1.2)), "share of 1.2"),
    "a share that is no number": (problem(rules=Rules(cross_organisation_share=NAN)), "share of nan"),
    "a range that runs backwards": (problem(rules=Rules(seniority=(3, 1))), "from 3 to 1"),
    "negative minutes": (problem(rules=Rules(min_shared_minutes=-5)), "At least -5 shared minutes"),
    "negative places": (problem(rules=Rules(places_given={"south": -1})), "'south' has -1 places"),
    "a fraction of mentees": (problem(rules=Rules(max_mentees=0.5)), "At most 0.5 mentees"),
    "closeness above one": (problem(relatedness={"a": {"b": 2.0}}), "related by 2.0"),
}


@pytest.mark.parametrize(("asked", "sentence"), BAD.values(), ids=BAD)
def test_nonsense_is_refused_in_a_sentence_that_names_it(asked, sentence):
    with pytest.raises(BadProblem) as refused:
        pairing.solve(asked)
    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")
    assert isinstance(refused.value, PairingError)


@pytest.mark.parametrize(
    "values", [{"weights": {"hours": NAN}}, {"locks": frozenset({("x", "y")})}, {"objective": "x"}]
)
def test_nonsense_on_a_prepared_round_is_refused_too(values):
    with pytest.raises(BadProblem):
        pairing.prepare(problem()).solve(**values)


ANSWERED = {
    "everything forbidden": replace(problem(), forbidden=frozenset({("ben", "hana")})),
    "every place taken away": problem(mentors=[mentor(capacity=0)]),
    "nobody wants anything": problem([mentee(demand=0)]),
    "more places than people": problem(mentors=[mentor(capacity=10**6)]),
    "an id in many scripts": problem([mentee("Zoë 张 \U0001f600 ' \" ; \n")]),
    "a shortlist of strangers": problem([mentee(shortlist=("x", "y", "x"))]),
    "a conflict with nobody in particular": problem([mentee(not_with=frozenset({"", "person:", "x"}))]),
    "manages herself": problem([mentee(line_manager_ids=frozenset({"ben"}))]),
    "a limit for an organisation that is not here": problem(rules=Rules(places_given={"moon": 0})),
    "a tiny and a huge weight": problem(weights={"hours": 1e-300, "perspective": 1e300}),
    "a quota of everything": problem(rules=Rules(same_organisation_allowed=True, cross_organisation_share=1.0)),
}


@pytest.mark.parametrize("objective", ["total", "fair", "sum"])
@pytest.mark.parametrize("asked", ANSWERED.values(), ids=ANSWERED)
def test_hard_but_sound_questions_are_answered(asked, objective):
    solution = pairing.solve(replace(asked, objective=objective))
    assert solution.status == "optimal"
    assert solution.placed + sum(one.role == "mentee" for one in solution.unmatched) == len(asked.mentees)
