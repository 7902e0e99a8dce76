"""The solvers against trying everything, and against a program that another library solves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from pairing.errors import Infeasible
from pairing.solvers import assignment, lsap, objectives, program
from pairing.solvers.arrays import on_grid
from pairing.solvers.task import Limit, Quota, Task, bound, keeps_conditions
from tests.pairing.rounds import best_by_trying, task_of

EIGHTHS = st.integers(0, 8).map(lambda count: count / 8)
HUGE = st.sampled_from([-4.0, -0.5, 0.0, 0.25, 1000.0])


@st.composite
def tasks(draw, scores=EIGHTHS, most_demand=1, conditions=False):
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    cells = rows * columns
    shape = (rows, columns)
    table = np.array(draw(st.lists(scores, min_size=cells, max_size=cells))).reshape(shape)
    flags = st.lists(st.booleans(), min_size=cells, max_size=cells)
    allowed = np.array(draw(flags)).reshape(shape)
    demand = draw(st.lists(st.integers(0, most_demand), min_size=rows, max_size=rows))
    capacity = draw(st.lists(st.integers(0, 2), min_size=columns, max_size=columns))
    extra = {}
    if conditions:
        members = np.array(draw(st.lists(st.booleans(), min_size=rows, max_size=rows)))
        others = np.array(draw(st.lists(st.booleans(), min_size=columns, max_size=columns)))
        extra["limits"] = (
            Limit("taken", True, members, draw(st.integers(0, 2))),
            Limit("given", False, others, draw(st.integers(0, 2))),
        )
        if draw(st.booleans()):
            done = draw(st.integers(0, 2))
            has = np.array(draw(flags)).reshape(shape)
            extra["quotas"] = (Quota("q", has, draw(st.sampled_from([0.3, 0.5, 1.0])), done, min(done, 1)),)
    return task_of(table, allowed, demand, capacity, **extra)


def solved(task, objective):
    plan, floor = objectives.best(task, objective)
    scores = task.scores[plan.rows, plan.columns]
    within = task if floor is None else task.above(floor)
    return (plan.placed, float(scores.min()) if plan.placed else 0.0, float(scores.sum())), plan, within


def same_answer(task, objective):
    try:
        (placed, worst, total), plan, within = solved(task, objective)
    except Infeasible:
        assert best_by_trying(task, objective) is None
        return
    best = best_by_trying(task, objective)
    assert best is not None
    assert total == pytest.approx(best[2])
    if objective != "sum":
        assert placed == best[0]
    if objective == "fair":
        assert worst == pytest.approx(best[1])
    most = bound(within, plan.prices, plan.placed)
    assert most >= total - 1e-6
    assert plan.searched or most == pytest.approx(total)
    assert (plan.prices.column >= 0).all()


@pytest.mark.parametrize("objective", ["total", "fair", "sum"])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_places_are_given_as_if_everything_had_been_tried(objective, data):
    same_answer(data.draw(tasks()), objective)


@pytest.mark.parametrize("objective", ["total", "fair", "sum"])
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_limits_quotas_and_demand_are_solved_as_if_everything_had_been_tried(objective, data):
    same_answer(data.draw(tasks(most_demand=2, conditions=True)), objective)


@settings(max_examples=100, deadline=None)
@given(task=tasks(scores=HUGE))
def test_negative_and_huge_scores_are_legal(task):
    same_answer(task, "total")
    same_answer(task, "sum")


@settings(max_examples=40, deadline=None)
@given(task=tasks())
def test_both_solvers_agree_on_the_plain_case(task):
    plain = assignment.best_plan(task, assignment.placing_bonus(task))
    other = program.best_plan(task, placing_first=True)
    assert (plain.placed, plain.total(task)) == (other.placed, pytest.approx(other.total(task)))


def random_task(seed, rows, columns, density=0.4, **values):
    dice = np.random.default_rng(seed)
    return task_of(
        on_grid(dice.random((rows, columns))),
        dice.random((rows, columns)) < density,
        capacity=dice.integers(0, 3, columns),
        **values,
    )


def by_another_solver(task: Task):
    """(pairs, total) from a plain integer program over all pairs, written down from the definition."""
    rows, columns = np.nonzero(task.allowed)
    scores = task.scores[rows, columns]
    lines = [(rows == row, task.demand[row]) for row in range(len(task.demand))]
    lines += [(columns == column, task.capacity[column]) for column in range(len(task.capacity))]
    lines += [((limit.members[rows] if limit.of_rows else limit.members[columns]), limit.most) for limit in task.limits]
    lines += [(quota.share - quota.has[rows, columns], 0.0) for quota in task.quotas]
    matrix = LinearConstraint(np.array([line for line, _ in lines], dtype=float), ub=[most for _, most in lines])
    answer = milp(-(scores + 100.0), integrality=np.ones(len(rows)), bounds=Bounds(0, 1), constraints=matrix)
    chosen = answer.x > 0.5
    return int(chosen.sum()), float(scores[chosen].sum())


@pytest.mark.parametrize("seed", range(6))
def test_thirty_people_are_solved_as_by_an_integer_program(seed):
    dice = np.random.default_rng(seed)
    members, has = dice.random(30) < 0.4, dice.random((30, 25)) < 0.3
    plain = random_task(seed, 30, 25)
    limited = random_task(
        seed, 30, 25, limits=(Limit("taken", True, members, 6),), quotas=(Quota("q", has, 0.5),), demand=[2] * 30
    )
    for task in (plain, limited):
        (placed, _, total), _, _ = solved(task, "total")
        assert (placed, pytest.approx(total)) == by_another_solver(task)


def test_prices_say_exactly_what_one_more_place_is_worth():
    task = random_task(11, 30, 20)
    bonus = assignment.placing_bonus(task)
    plan = assignment.best_plan(task, bonus)
    for column in range(20):
        more = task_of(task.scores, task.allowed, task.demand, task.capacity + (np.arange(20) == column))
        again = assignment.best_plan(more, bonus)
        gain = again.total(more) - plan.total(task) + bonus * (again.placed - plan.placed)
        assert gain == plan.prices.column[column]


def test_a_place_left_over_costs_nothing():
    task = task_of([[0.5, 0.25], [0.5, 0.25]], capacity=[2, 1])
    plan = assignment.best_plan(task, assignment.placing_bonus(task))
    assert plan.prices.column.tolist() == [0.0, 0.0]


def test_a_million_ties_are_no_trouble():
    task = task_of(np.full((1000, 1000), 0.5))
    plan, _ = objectives.best(task, "total")
    assert plan.placed == 1000
    assert bound(task, plan.prices, 1000) == plan.total(task) == 500.0


def test_the_fair_plan_gives_up_total_for_the_worst_pair():
    task = task_of([[1.0, 0.5], [0.5, 0.25]])
    assert solved(task, "total")[0] == (2, 0.25, 1.25)
    fairer = task_of([[1.0, 0.5], [0.5, 0.125]])
    assert solved(fairer, "fair")[0] == (2, 0.5, 1.0)


def test_one_more_person_beats_any_sum_in_total_but_not_in_sum():
    task = task_of([[1.0, 0.1], [0.1, 0.0]], allowed=[[True, True], [True, False]])
    assert solved(task, "total")[0][0] == 2
    assert solved(task, "sum")[0] == (1, 1.0, 1.0)


def test_a_quota_is_met_by_fewer_pairs_when_it_must_be():
    has = np.array([[True, False], [False, False]])
    task = task_of([[0.2, 0.9], [0.9, 0.9]], quotas=(Quota("across", has, 1.0),))
    assert solved(task, "total")[0] == (1, 0.2, 0.2)


def test_the_routine_alone_is_the_routine_of_scipy():
    table = np.random.default_rng(1).random((30, 40))
    alone = lsap.alone()
    assert alone is not None
    for mine, theirs in zip(alone(table, maximize=True), lsap.usual()(table, maximize=True), strict=True):
        assert mine.tolist() == theirs.tolist()


def test_whole_sides_are_covered_before_anybody_has_a_second_partner():
    task = task_of([[0.9, 0.8, 0.7], [0.1, -9.0, -9.0]], demand=[3, 1])
    plan, _ = objectives.best(task, objectives.Wish("cover", cover=("mentees", "mentors")))
    assert sorted(zip(plan.rows.tolist(), plan.columns.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 0)]


def test_quotas_limits_and_placing_first_are_kept_together_within_a_proven_gap():
    dice = np.random.default_rng(1)
    scores = on_grid(dice.random((90, 8)) @ dice.random((8, 90)) / 8)
    quotas = tuple(Quota(name, dice.random((90, 90)) < 0.3, share) for name, share in (("a", 0.5), ("b", 0.6)))
    task = task_of(scores, quotas=quotas, limits=(Limit("taken", True, np.arange(90) < 20, 15),))
    plan, _ = objectives.best(task, objectives.Wish("total", seconds=1.0))
    assert plan.placed == 85
    assert keeps_conditions(task, plan)
    assert bound(task, plan.prices, plan.placed) - plan.total(task) < 0.02 * plan.total(task)
