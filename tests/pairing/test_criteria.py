"""How good a pair is by each criterion, and the words for it."""

import pytest

import pairing
from pairing import words
from pairing.types import DEFAULT_WEIGHTS, Wish
from tests.pairing.rounds import RELATED, couples, mentee, mentor, problem, wants

DAY = (540, 1020)


def only(criterion, mine, theirs, **values):
    asked = problem([mentee(**mine)], [mentor(**theirs)], weights={criterion: 2.0}, relatedness=RELATED, **values)
    [contribution] = pairing.explain_pair(asked, "ben", "hana").contributions
    return contribution


def wish(key, level=0, kind="competency"):
    return Wish(kind, key, level)


MEASURES = {
    "what is wanted is offered": ("wants_offers", {"wants": wants("waste")}, {"offers": wants("waste")}, 1.0),
    "one wish of two is met": (
        "wants_offers",
        {"wants": wants("waste", "finance")},
        {"offers": wants("waste")},
        0.75,
    ),
    "a related service": ("wants_offers", {"wants": wants("housing")}, {"offers": wants("planning")}, 0.5),
    "a related service, the other way round": (
        "wants_offers",
        {"wants": wants("planning")},
        {"offers": wants("housing")},
        0.5,
    ),
    "the mentor works there": ("wants_offers", {"wants": wants("waste")}, {"services": ("waste",)}, 0.8),
    "another kind of the same name": (
        "wants_offers",
        {"wants": (wish("finance"),)},
        {"offers": wants("finance")},
        0.0,
    ),
    "two behaviour levels short": ("wants_offers", {"wants": (wish("f", 4),)}, {"offers": (wish("f", 2),)}, 0.5),
    "a level above": ("wants_offers", {"wants": (wish("f", 2),)}, {"offers": (wish("f", 4),)}, 1.0),
    "goals and offers of one matter": (
        "text",
        {"text_want": "Elections and polling stations."},
        {"text_offer": "Elections and polling stations."},
        1.0,
    ),
    "two shared interests of three": (
        "interests",
        {"interests": frozenset("abc")},
        {"interests": frozenset("abdefg")},
        2 / 3,
    ),
    "the same service": ("background", {"services": ("waste",)}, {"services": ("waste",)}, 1.0),
    "the mentor came from the mentee's service": (
        "background",
        {"services": ("waste",)},
        {"services": ("planning",), "career": frozenset({"waste"})},
        1.0,
    ),
    "as often as each other": ("rhythm", {"rhythm": 4}, {"rhythm": 4}, 1.0),
    "twice as often": ("rhythm", {"rhythm": 2}, {"rhythm": 4}, 0.5),
    "four times as often": ("rhythm", {"rhythm": 1}, {"rhythm": 8}, 0.0),
    "inside the preferred gap": ("seniority", {"level": "3"}, {"level": "5"}, 1.0),
    "one level outside it": ("seniority", {"level": "3"}, {"level": "3"}, 2 / 3),
    "members have a ladder of their own": ("seniority", {"level": "E1"}, {"level": "E2"}, 1.0),
    "four shared hours": ("hours", {"hours": ((540, 780),)}, {"hours": (DAY,)}, 0.5),
    "one of two languages": (
        "languages",
        {"languages": frozenset({"en", "cy"})},
        {"languages": frozenset({"en"})},
        0.5,
    ),
    "a way to meet": ("channel", {"channels": frozenset({"phone"})}, {"channels": frozenset({"phone", "zoom"})}, 1.0),
    "the same kind, a size apart": (
        "council_kind",
        {"organisation_kind": "district", "organisation_size": 2},
        {"organisation_kind": "district", "organisation_size": 3},
        0.8,
    ),
    "another organisation in the same region": (
        "perspective",
        {"pool_region": "coast"},
        {"pool_region": "coast"},
        2 / 3,
    ),
    "second on her list, first on his": (
        "shortlist",
        {"shortlist": ("zoe", "hana")},
        {"shortlist": ("ben",)},
        0.95,
    ),
    "on one list of two": ("shortlist", {"shortlist": ("zoe",)}, {"shortlist": ("ben",)}, 0.5),
    "paired before": ("previous", {"previous": frozenset({"hana"})}, {}, 1.0),
}


@pytest.mark.parametrize(("criterion", "mine", "theirs", "value"), MEASURES.values(), ids=MEASURES)
def test_a_criterion_measures(criterion, mine, theirs, value):
    contribution = only(criterion, mine, theirs)
    assert contribution.score01 == pytest.approx(value)
    assert contribution.evidence["known"]


def test_every_criterion_has_a_weight_and_a_case_here():
    assert {case[0] for case in MEASURES.values()} == set(DEFAULT_WEIGHTS)


SENTENCES = [
    (
        "wants_offers",
        {"wants": wants("waste")},
        {"offers": wants("waste")},
        "mentee",
        "Offers what you asked for: waste",
    ),
    ("wants_offers", {"wants": wants("waste")}, {"offers": wants("waste")}, "mentor", "Asks for what you offer: waste"),
    (
        "wants_offers",
        {"wants": wants("waste")},
        {"services": ("waste",)},
        "mentee",
        "Works in what you asked about: waste",
    ),
    (
        "wants_offers",
        {"wants": wants("housing")},
        {"offers": wants("planning")},
        "coordinator",
        "Offers something close: planning (near housing)",
    ),
    (
        "background",
        {"services": ("parks-and-open-spaces",)},
        {"services": ("parks-and-open-spaces",)},
        "mentor",
        "You both know parks and open spaces",
    ),
    (
        "background",
        {"services": ("waste",)},
        {"career": frozenset({"waste"})},
        "mentee",
        "You both have worked in waste",
    ),
    ("rhythm", {"rhythm": 1}, {"rhythm": 1}, "mentor", "You both like to meet every week"),
    (
        "rhythm",
        {"rhythm": 2},
        {"rhythm": 4},
        "coordinator",
        "The mentee likes to meet every two weeks, the mentor every four weeks",
    ),
    ("seniority", {"level": "3"}, {"level": "5"}, "mentee", "Two levels above you"),
    ("seniority", {"level": "3"}, {"level": "4"}, "mentor", "One level below you"),
    ("seniority", {"level": "3"}, {"level": "3"}, "mentee", "On the same level as you"),
    ("seniority", {"level": "3"}, {"level": "5"}, "coordinator", "Mentor two levels above the mentee"),
    ("hours", {"hours": ((0, 660),)}, {"hours": ((0, 900),)}, "mentee", "Eleven shared working hours a week"),
    ("hours", {"hours": ((0, 60),)}, {"hours": ((0, 900),)}, "mentee", "One shared working hour a week"),
    ("perspective", {}, {}, "mentee", "A view from another organisation"),
    ("shortlist", {"shortlist": ("zoe", "hana")}, {}, "mentor", "Named you"),
    ("shortlist", {"shortlist": ("zoe", "hana")}, {}, "mentee", "You named them"),
    ("shortlist", {"shortlist": ("hana",)}, {"shortlist": ("ben",)}, "mentee", "You named each other"),
    ("shortlist", {"shortlist": ("zoe", "hana")}, {}, "coordinator", "Choice two of the mentee"),
    (
        "channel",
        {"channels": frozenset({"phone"})},
        {"channels": frozenset({"phone"})},
        "mentee",
        "You both like to meet by phone",
    ),
    (
        "interests",
        {"interests": frozenset({"choirs"})},
        {"interests": frozenset({"choirs"})},
        "coordinator",
        "Both like choirs",
    ),
]


@pytest.mark.parametrize(("criterion", "mine", "theirs", "audience", "sentence"), SENTENCES)
def test_each_audience_reads_its_own_words(criterion, mine, theirs, audience, sentence):
    assert words.sentence(only(criterion, mine, theirs), audience) == sentence


@pytest.mark.parametrize("criterion", sorted(set(DEFAULT_WEIGHTS) - {"perspective"}))
def test_where_nobody_has_said_anything_a_criterion_takes_no_part(criterion):
    asked = problem(weights={criterion: 1.0, "perspective": 1.0})
    reason = pairing.explain_pair(asked, "ben", "hana")
    assert [found.criterion for found in reason.contributions] == ["perspective"]
    assert reason.score == 1.0


def test_what_one_has_not_said_counts_as_neutral_and_is_not_put_in_words():
    asked = problem(
        [mentee(interests=frozenset({"choirs"})), mentee("amy")],
        [mentor(interests=frozenset({"choirs"}))],
        weights={"interests": 1.0},
    )
    [unsaid] = pairing.explain_pair(asked, "amy", "hana").contributions
    assert (unsaid.score01, unsaid.evidence, words.sentence(unsaid, "mentee")) == (0.2, {"known": False}, "")


def test_points_are_the_weighted_parts_of_the_score():
    asked = problem(
        [mentee(wants=wants("waste"), hours=(DAY,), level=2)],
        [mentor(offers=wants("waste"), hours=((540, 780),), level=4)],
    )
    [pair] = pairing.solve(asked).pairs
    points = [contribution.points for contribution in pair.contributions]
    assert sum(points) == pytest.approx(pair.score, abs=1e-7)
    assert points == sorted(points, reverse=True)


def test_weights_decide_who_is_chosen():
    mentors = [
        mentor("level", level="4", interests=frozenset("z")),
        mentor("interest", level="9", interests=frozenset("a")),
    ]
    ben = mentee(level="3", interests=frozenset("a"))
    prepared = pairing.prepare(problem([ben], mentors))
    assert couples(prepared.solve(weights={"seniority": 3.0, "interests": 1.0})) == [("ben", "level")]
    assert couples(prepared.solve(weights={"seniority": 1.0, "interests": 3.0})) == [("ben", "interest")]


def test_previous_pairs_hold_by_the_weight_of_inertia():
    ben = mentee(previous=frozenset({"old"}), wants=wants("waste"))
    mentors = [mentor("new", offers=wants("waste")), mentor("old", offers=wants("finance"))]
    prepared = pairing.prepare(problem([ben], mentors))
    assert couples(prepared.solve(weights={"wants_offers": 1.0})) == [("ben", "new")]
    assert couples(prepared.solve(weights={"wants_offers": 1.0, "previous": 2.0})) == [("ben", "old")]


@pytest.mark.parametrize("scale", [7.0, 1e-30, 1e30])
def test_only_the_ratios_of_weights_matter(scale):
    ben, hana = mentee(level=2, wants=wants("waste")), mentor(level=6, offers=wants("waste"))
    prepared = pairing.prepare(problem([ben], [hana]))
    scaled = {name: weight * scale for name, weight in DEFAULT_WEIGHTS.items()}
    assert prepared.solve(weights=scaled).total == prepared.solve().total
