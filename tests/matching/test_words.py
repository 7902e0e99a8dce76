import pytest

from commonhall.matching import remedies, words
from commonhall.matching.queries.rounds import Card, People
from commonhall.programmes import cycle
from pairing.types import CONSTRAINTS, DEFAULT_WEIGHTS

EVIDENCE = {
    "wants_offers": {
        "met": [{"kind": "service", "want": "housing", "offer": "housing", "closeness": 1.0, "works_in": False}],
        "wanted": 1,
    },
    "text": {"near": [{"want": "How do I chair a meeting?", "offer": "Chairing committees.", "closeness": 0.7}]},
    "interests": {"shared": ["tag:choirs"]},
    "background": {"shared": ["cipfa"], "services": [], "career": []},
    "seniority": {"levels_above": 2},
    "hours": {"shared_minutes": 150},
    "languages": {"shared": ["cy", "en"]},
    "channel": {"shared": ["teams"]},
    "council_kind": {"same_kind": True, "kind": "district", "bands_apart": 0},
    "perspective": {"other": ["organisation", "country"]},
    "rhythm": {"mentee_weeks": 2, "mentor_weeks": 2},
    "shortlist": {"mentee_rank": 1, "mentor_rank": 0},
    "previous": {"paired_before": True},
}


def told(criterion, score=1.0, known=True, **changes):
    return [[criterion, score, 0.1, {"known": known, **EVIDENCE[criterion], **changes}]]


def text(criterion, audience, **options):
    found = words.reasons(told(criterion), audience, "Ann", **options)
    return found[0].text if found else ""


def test_every_criterion_of_the_engine_has_words_and_a_label():
    assert set(EVIDENCE) == set(DEFAULT_WEIGHTS) == set(cycle.WEIGHT_LABELS)
    for criterion in DEFAULT_WEIGHTS:
        assert text(criterion, "coordinator")


@pytest.mark.parametrize(
    ("criterion", "audience", "expected"),
    [
        ("wants_offers", "mentee", "You want to learn about housing, and Ann can help with it."),
        ("wants_offers", "mentor", "Ann wants to learn about housing, which you know."),
        ("seniority", "mentee", "Ann works 2 levels above you."),
        ("seniority", "mentor", "Ann works 2 levels below you."),
        ("hours", "mentee", "You are both free for 2 hours a week."),
        ("perspective", "mentee", "Ann sees things from another council and country."),
        ("interests", "mentor", "You are both interested in choirs."),
        ("text", "mentee", "You write: “How do I chair a meeting?” Ann writes: “Chairing committees.”"),
        ("text", "mentor", "Ann writes: “How do I chair a meeting?” You write: “Chairing committees.”"),
        ("text", "coordinator", "“How do I chair a meeting?” is close to “Chairing committees.”"),
        ("rhythm", "mentee", "You would both like to meet every 2 weeks."),
    ],
)
def test_each_side_reads_its_own_words(criterion, audience, expected):
    assert text(criterion, audience) == expected


HIDDEN = {
    "words that a council keeps back, from the mentee": ("text", "mentee", {}, "can_help", "Chairing"),
    "words that a council keeps back, from the mentor": ("text", "mentor", {}, "want_to_learn", "chair a meeting"),
    "where the other one worked before": ("background", "mentee", {"career": ["housing"]}, "career_path", "housing"),
    "what the other one has passed": ("background", "mentor", {}, "qualifications", "cipfa"),
    "how senior the other one is": ("seniority", "mentee", {}, "level", "2 levels"),
}


@pytest.mark.parametrize(("criterion", "audience", "changes", "field", "secret"), HIDDEN.values(), ids=HIDDEN)
def test_a_field_that_is_kept_back_is_not_given_away_by_a_reason(criterion, audience, changes, field, secret):
    def texts(reader, hidden=()):
        found = words.reasons(told(criterion, **changes), reader, "Ann", hidden)
        return " ".join(one.text for one in found)

    assert secret in texts(audience)
    assert secret not in texts(audience, [field])
    assert secret in texts("coordinator", [field]) or criterion == "seniority"


def test_a_long_sentence_is_cut_at_a_word():
    long = "I would like to understand " + "very " * 40 + "much."
    [reason] = words.reasons(told("text", near=[{"want": long, "offer": "Short.", "closeness": 1}]), "mentee", "Ann")
    assert " very … Ann" not in reason.text
    assert "very …” Ann writes: “Short.”" in reason.text
    assert len(reason.text) < 200


def test_own_words_whose_text_is_forgotten_are_said_without_it():
    bare = told("text", near=[{"closeness": 0.8}])
    assert words.reasons(bare, "mentee", "Ann")[0].text == "What the two of you wrote is close."
    assert words.short(bare) == "Their own words are close"


@pytest.mark.parametrize("audience", ["mentee", "mentor"])
@pytest.mark.parametrize("criterion", ["shortlist", "previous"])
def test_what_is_for_the_coordinator_stays_there(criterion, audience):
    assert text(criterion, audience) == ""


@pytest.mark.parametrize(
    ("criterion", "field"), [("seniority", "level"), ("interests", "interests"), ("background", "qualifications")]
)
def test_a_field_that_a_council_keeps_back_is_not_given_away_by_a_reason(criterion, field):
    assert text(criterion, "mentee")
    assert text(criterion, "mentee", hidden=[field]) == ""


def test_people_read_only_what_speaks_for_a_match():
    assert words.reasons(told("hours", score=0.2), "mentee", "Ann") == []
    assert words.reasons(told("hours", known=False), "mentee", "Ann") == []
    assert words.reasons(told("hours", known=False), "coordinator")[0].text == "Not enough is known"


@pytest.mark.parametrize("key", [*CONSTRAINTS, "not_possible", "decided"])
def test_every_obstacle_has_words_and_confidential_ones_say_nothing(key):
    (said,) = words.obstacles([[key, {}]], "Ann", "Bob")
    assert said
    if key in ("conflict", "blocked", "not_possible"):
        assert said == "This pair is not possible, for a reason that was given in confidence."


def test_a_closed_pair_is_not_blamed_on_the_coordinator():
    (said,) = words.obstacles([["forbidden_by_coordinator", {}]], "Ann", "Bob", closed="before")
    assert said == "They have been a pair before."


@pytest.mark.parametrize(
    ("gap", "status", "said"),
    [(0.0, "optimal", "Proven: no other"), (0.01, "searched", "Proven: no other"), (0.00001, "within_gap", "0.001 %")],
)
def test_the_proof_says_no_more_than_was_proven(gap, status, said):
    assert said in words.certificate(gap, status)


KNOWN = People({"1": Card("1", "Ann", "Hull"), "2": Card("2", "Bob", "Leeds"), "3": Card("3", "Cyd", "York")})
CHANGES = {
    "one_more_place": {"mentor_id": "2"},
    "add_hours": {"mentor_id": "2", "hours": [[540, 600]]},
    "lift_forbidden": {"mentor_id": "2"},
    "lift_lock": {"mentor_id": "2", "other_mentee_id": "3"},
    "fewer_shared_minutes": {"value": 30.0},
    "widen_seniority": {"seniority": [0, 4]},
    "more_mentees_each": {"value": 3.0},
    "more_places_given": {"organisation": "9", "value": 3.0},
    "more_places_taken": {"organisation": "9", "value": 3.0},
    "lower_cross_share": {"value": 0.5},
    "allow_same_organisation": {},
    "recruit": {"person": {"offers": [{"kind": "service", "key": "housing"}], "level": "6", "languages": ["en"]}},
}


def place():
    from datetime import date

    return remedies.Place(KNOWN, {"9": "Borough of Hull"}, date(2026, 1, 15))


@pytest.mark.parametrize("kind", CHANGES)
def test_every_change_has_words_with_names_and_no_numbers_of_people(kind):
    said = remedies.text({"kind": kind, "mentee_id": "1", **CHANGES[kind]}, place())
    assert said.endswith(".")
    assert "None" not in said
    for name, key in (("Bob", "mentor_id"), ("Cyd", "other_mentee_id")):
        assert (name in said) == (key in CHANGES[kind])


def test_two_changes_together_are_two_sentences():
    both = {
        "kind": "one_more_place", "mentee_id": "1", "mentor_id": "2",
        "also": [{"kind": "fewer_shared_minutes", "mentee_id": "1", "value": 30.0}],
    }  # fmt: skip
    assert remedies.text(both, place()).count(".") == 2
    assert remedies.asks(both, place()) == "Bob"


def test_hours_are_told_on_the_persons_own_clock():
    berlin = Card("1", "Ann", "Kiel", time_zone="Europe/Berlin")
    assert remedies.on_clock([540, 600], berlin, place().reference) == "Monday 10:00–11:00"


@pytest.mark.parametrize(
    ("obstacle", "said"),
    [
        (["no_shared_hours", {"shared_minutes": 0, "needed_minutes": 60}],
         "They share no hours; this round asks for 1 hour a week."),
        (["no_shared_hours", {"shared_minutes": 30, "needed_minutes": 60}],
         "They share 30 minutes a week; this round asks for 1 hour."),
        (["seniority", {"levels_above": 0, "least": 1, "most": 20}],
         "Bob: the same level. This round asks for at least 1 level above."),
        (["seniority", {"levels_above": 4, "least": -20, "most": -2}],
         "Bob: 4 levels above. This round asks for at most 2 levels below."),
        (["seniority", {"levels_above": -2, "least": 1, "most": 3}],
         "Bob: 2 levels below. This round asks for 1 level above to 3 levels above."),
    ],
)  # fmt: skip
def test_a_rule_that_is_not_met_is_told_with_its_numbers(obstacle, said):
    assert words.obstacles([obstacle], "Ann", "Bob") == [said]


@pytest.mark.parametrize(
    ("offer", "said"),
    [
        ("housing", "The mentee wants housing and the mentor offers it"),
        ("planning", "The mentee wants housing, the mentor offers planning"),
    ],
)
def test_what_is_wanted_and_offered_is_a_sentence_for_the_coordinator(offer, said):
    met = [{"kind": "service", "want": "housing", "offer": offer, "closeness": 0.8}]
    (reason,) = words.reasons([["wants_offers", 0.8, 0.3, {"known": True, "met": met}]], "coordinator")
    assert reason.text == said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ([1, 20], "Allow mentors from 1 level above."),
        ([-20, 3], "Allow mentors up to 3 levels above."),
        ([0, 4], "Allow mentors from the same level to 4 levels above."),
    ],
)
def test_an_open_end_of_a_ladder_is_not_told_as_a_number(span, said):
    assert remedies.text({"kind": "widen_seniority", "mentee_id": "1", "seniority": span}, place()) == said


def test_a_change_of_a_rule_that_helps_several_is_told_once():
    def ways(*changes):
        return remedies.remedies([{"mentee_id": "1", "placed_after": 12, **one} for one in changes], place(), 10)

    each = {"kind": "more_mentees_each", "value": 2.0}
    lists = [
        ("1", ways({"kind": "one_more_place", "mentor_id": "2"}, each)),
        ("2", ways(each)),
        ("3", ways({"kind": "fewer_shared_minutes", "value": 30.0}, {"kind": "one_more_place", "mentor_id": "2"})),
    ]
    ((person, remedy),) = remedies.for_several(lists)
    assert (person, remedy.number, remedy.more) == ("1", 1, 2)
    assert remedy.text == "Allow up to 2 mentees for each mentor."


@pytest.mark.parametrize(("moved", "many"), [(20, False), (21, True)])
def test_a_change_that_moves_many_is_marked(moved, many):
    (remedy,) = remedies.remedies([{"kind": "allow_same_organisation", "moved": moved}], place(), 10)
    assert remedy.moves_many == many


def test_days_are_those_of_the_readers_own_clock():
    reference = place().reference
    assert remedies.days([(0, 240), (1440 + 540, 1440 + 1020)], "Europe/London", reference) == "Monday and Tuesday"
    assert remedies.days([(0, 240)], "America/New_York", reference) == "Sunday"
    assert remedies.days([], "UTC", reference) == ""
