from datetime import date

import pytest

from commonhall.programmes import cycle, cycles

KICK_OFF = date(2027, 3, 1)


def test_the_templates_are_the_nine_of_the_product():
    assert [one.key for one in cycles.CYCLES] == [
        "cohort",
        "light",
        "twelve_months",
        "two_intakes",
        "rolling",
        "members",
        "flash",
        "reverse",
        "transfer",
    ]


@pytest.mark.parametrize("one", cycles.CYCLES, ids=lambda one: one.key)
def test_a_template_is_whole(one):
    assert set(one.texts) == {"summary", "purpose", "audience", "asks", "gives", "agreement"}
    assert all(str(words) for words in one.texts.values())
    assert len(str(one.texts["summary"])) <= 250
    days = [on for _key, _label, on in one.dates(KICK_OFF)]
    assert days == sorted(days)
    assert len({step.key for step in one.steps}) == len(one.steps)
    assert KICK_OFF in days
    assert set(one.fields()["weights"]) == set(cycle.WEIGHT_LABELS)
    assert cycle.in_words(one.fields()["rules"], one.fields()["weights"], one.most_mentees)


@pytest.mark.parametrize(
    ("key", "closes", "ends"),
    [
        ("cohort", date(2027, 2, 7), date(2027, 11, 1)),
        ("two_intakes", date(2027, 2, 22), date(2027, 8, 30)),
        ("rolling", None, None),
        ("transfer", None, date(2027, 8, 30)),
    ],
)
def test_applications_close_before_training_and_matching(key, closes, ends):
    assert cycles.get(key).closes_on(KICK_OFF) == closes
    assert cycles.get(key).ends_on(KICK_OFF) == ends


def test_the_cohort_follows_the_published_weeks():
    weeks = {step.key: step.week for step in cycles.COHORT.steps}
    expected = {"open": -8, "training": -3, "match": -1, "review": 14, "closing_survey": 34, "debrief": 36}
    assert expected.items() <= weeks.items()
    assert weeks["follow_up"] == 62


def test_reverse_mentoring_puts_the_mentor_below():
    words = cycle.in_words(cycle.rules_for("reverse"), cycle.weights_for("reverse"), 1)
    assert "The mentor stands 1 to 8 levels below." in words
    assert "A mentor has one mentee at most." in words


def test_an_unknown_template_is_an_error_at_once():
    with pytest.raises(KeyError):
        cycles.get("nonsense")


@pytest.mark.parametrize(
    ("week", "words"),
    [
        (-8, "8 weeks before the start"),
        (-1, "1 week before the start"),
        (0, "the start"),
        (1, "1 week after the start"),
        (34, "34 weeks after the start"),
    ],
)
def test_a_step_says_in_words_when_it_is(week, words):
    assert cycle.Step("step", "Step", week).when == words
