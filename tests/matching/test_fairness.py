"""Groups compared, and nothing told of fewer than five."""

import random

import pytest

from commonhall.matching.fairness import LEAST, Fate, compared


def fates(**groups):
    """name=(people, matched)"""
    return [
        Fate(name, 0.5 if n < matched else None) for name, (people, matched) in groups.items() for n in range(people)
    ]


def told(**groups):
    return [(one.name, one.people, one.matched, one.fit) for one in compared(fates(**groups))]


def test_groups_stand_the_largest_first_with_their_share_and_mean():
    groups = compared([*fates(district=(8, 6), county=(5, 5)), Fate("county", None)])
    assert [(one.name, one.people, one.percent, one.fit_percent) for one in groups] == [
        ("district", 8, 75, 50),
        ("county", 6, 83, 50),
    ]


def test_small_groups_are_counted_together():
    assert told(district=(20, 10), county=(3, 1), parish=(2, 2), other=(1, 1))[1:] == [("", 6, 4, None)]


def test_a_small_group_alone_takes_the_next_smallest_with_it():
    assert told(district=(20, 20), county=(9, 9), parish=(2, 2)) == [("district", 20, 20, 0.5), ("", 11, 11, 0.5)]


def test_whose_group_is_not_known_are_with_the_others():
    found = compared([*fates(district=(20, 20), county=(9, 9)), *(Fate("", 0.5) for _ in range(7))])
    assert [(one.name, one.people) for one in found] == [("district", 20), ("county", 9), ("", 7)]


@pytest.mark.parametrize(
    "groups", [{}, {"district": (30, 30)}, {"district": (4, 4), "county": (3, 3)}, {"a": (9, 9), "b": (1, 1)}]
)
def test_where_fewer_than_two_may_be_shown_nothing_is(groups):
    assert told(**groups) == []


def test_a_mean_of_fewer_than_five_goes_with_another_so_that_it_cannot_be_worked_out():
    found = {name: fit for name, _people, _matched, fit in told(a=(30, 30), b=(10, 8), c=(10, 3))}
    assert found == {"a": 0.5, "b": None, "c": None}


@pytest.mark.parametrize("seed", range(40))
def test_no_figure_can_be_had_for_fewer_than_five(seed):
    dice = random.Random(seed)
    people = [
        Fate(dice.choice(["", *"abcdefg"[: dice.randint(1, 7)]]), dice.choice([None, dice.random()]))
        for _ in range(dice.randint(0, 60))
    ]
    groups = compared(people)
    assert all(one.people >= LEAST for one in groups)
    assert all(one.fit is None or one.matched >= LEAST for one in groups)
    assert not groups or sum(one.people for one in groups) == len(people)
    hidden = sum(one.matched for one in groups if one.fit is None)
    shown = [one for one in groups if one.fit is not None]
    assert hidden == 0 or hidden >= LEAST or not shown
