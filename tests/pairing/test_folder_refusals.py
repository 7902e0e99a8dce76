"""Folders that make no sense, or hardly any: a sentence or an answer, never a stack trace."""

import json
from time import perf_counter

import numpy as np
import pytest

from pairing.__main__ import main
from tests.pairing.folders import NOTHING, write

NAN, INF = float("nan"), float("inf")
TWO = [[0.5, 0.25], [0.75, 1.0]]

UNREADABLE = {
    "no mentees counted and no scores": ({}, "scores.npy is not there"),
    "another shape": ({"scores": TWO, "n_mentees": 3}, "2 x 2, but there are 3 mentees"),
    "an infinite score": ({"scores": [[INF, 1.0]]}, "mentee 0 and mentor 0"),
    "a score beyond reckoning": ({"scores": [[1e301, 1.0]]}, "go up to 1e+300"),
    "minus half a person": ({"scores": TWO, "mentee_demand": [1, -1]}, "mentee_demand[1] is -1, less than nothing"),
    "half a place": ({"scores": TWO, "mentor_capacity": [1, 0.5]}, "mentor_capacity[1] is 0.5, not a whole number"),
    "true places": ({"scores": TWO, "mentor_capacity": [1, True]}, "mentor_capacity[1] is true"),
    "too few places": ({"scores": TWO, "mentor_capacity": [1]}, "mentor_capacity has 1 entries"),
    "places in words": ({"scores": TWO, "mentor_capacity": "many"}, 'mentor_capacity is "many", not a list'),
    "a negative number of people": ({"scores": TWO, "n_mentees": -2}, "n_mentees is -2"),
    "a stranger fixed": ({"scores": TWO, "fixed_pairs": [[0, 2]]}, "names number 2, but the 2 mentors"),
    "a negative index": ({"scores": TWO, "forbidden_pairs": [[-1, 0]]}, "names number -1"),
    "a pair of three": ({"scores": TWO, "fixed_pairs": [[0, 1, 1]]}, "fixed_pairs[0] is [0, 1, 1]"),
    "a pair of words": ({"scores": TWO, "previous": [["a", 1]]}, 'previous[0] names "a"'),
    "an unknown objective": ({"scores": TWO, "objective": "best"}, 'objective is "best", not one of total'),
    "an objective in a list": ({"scores": TWO, "objective": ["fair"]}, 'objective is ["fair"]'),
    "an unknown level": ({"scores": TWO, "fair_level": "region"}, 'fair_level is "region"'),
    "a side that is none": ({"scores": TWO, "objective": "cover", "cover": ["friends"]}, 'cover[0] is "friends"'),
    "a quota without a file": ({"scores": TWO, "quota": {"min_share": 0.5}}, "it needs a file and a min_share"),
    "a quota of nothing": ({"scores": TWO, "quota": {"file": "no.npy", "min_share": 0.5}}, "no.npy is not there"),
    "a share above one": ({"scores": TWO, "quota": {"file": "scores.npy", "min_share": 1.5}}, "between 0 and 1"),
    "a share that is no number": ({"scores": TWO, "quota": {"file": "scores.npy", "min_share": NAN}}, "NaN"),
    "a file outside": ({"scores": TWO, "mentee_scores": "../../etc/passwd"}, "lies outside the folder"),
    "ids given twice": ({"scores": TWO, "mentee_ids": ["a", "a"]}, 'mentee_ids names "a" twice'),
    "an unknown want": ({"scores": TWO, "want": ["gold"]}, 'want[0] is "gold"'),
    "stickiness in words": ({"scores": TWO, "stickiness": "very"}, 'stickiness is "very"'),
    "one side with two sizes": ({"scores": [[1.0, 2.0]], "one_mode": True}, "1 mentees and 2 mentors"),
    "a limit without people": ({"scores": TWO, "limits": [{"most": 2}]}, "it needs mentees or mentors, and most"),
}  # fmt: skip


def solved(folder, capsys):
    """The exit code and the result; a sentence of standard error is in the status."""
    code = main(["solve", str(folder), "--out", str(folder / "result.json")])
    said = capsys.readouterr().err
    result = json.loads((folder / "result.json").read_text())
    assert "Traceback" not in said
    assert result["status"] == "ok" or result["status"] in said
    return code, result


@pytest.mark.parametrize(("problem", "sentence"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_refused_in_a_sentence_that_names_it(problem, sentence, tmp_path, capsys):
    code, result = solved(write(tmp_path, **problem), capsys)
    assert code == 2
    assert result["status"].startswith("infeasible: ")
    assert sentence in result["status"]
    assert result["pairs"] == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "problem.json is not JSON"),
        ("[1, 2]", "holds [1, 2], not an object"),
        ("{" * 50, "problem.json is not JSON"),
        ("[" * 100_000, "problem.json is not JSON"),
        ('{"n_mentees": 1e999}', "not a whole number"),
        ("\ufeff{}", "scores.npy is not there"),
    ],
)
def test_a_problem_that_is_no_problem(text, sentence, tmp_path, capsys):
    (tmp_path / "problem.json").write_text(text, encoding="utf-8")
    if "1e999" in text:
        np.save(tmp_path / "scores.npy", np.array(TWO))
    code, result = solved(tmp_path, capsys)
    assert code == 2
    assert sentence in result["status"]


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"scores", b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'shape'"])
def test_scores_that_are_none(content, tmp_path, capsys):
    write(tmp_path, n_mentees=2, n_mentors=2)
    (tmp_path / "scores.npy").write_bytes(content)
    code, result = solved(tmp_path, capsys)
    assert code == 2
    assert "scores.npy cannot be read" in result["status"]


@pytest.mark.parametrize("values", [np.array(["a"]), np.array([{"a": 1}], dtype=object), np.array([[1j]])])
def test_scores_that_are_not_numbers(values, tmp_path, capsys):
    write(tmp_path, n_mentees=1, n_mentors=1)
    np.save(tmp_path / "scores.npy", values, allow_pickle=True)
    code, result = solved(tmp_path, capsys)
    assert code == 2
    assert "scores.npy" in result["status"]


def test_a_folder_that_is_not_there(tmp_path, capsys):
    assert main(["solve", str(tmp_path / "none")]) == 2
    assert "none is not a folder." in capsys.readouterr().err


def test_a_result_that_cannot_be_written(tmp_path, capsys):
    assert main(["solve", str(write(tmp_path, TWO)), "--out", str(tmp_path)]) == 2
    assert "cannot be written" in capsys.readouterr().err


IMPOSSIBLE = {
    "fixed and forbidden": ({"fixed_pairs": [[0, 0]], "forbidden_pairs": [[0, 0]]}, "forbidden_pairs names them too"),
    "fixed without a score": ({"scores": [[NAN, 1.0]], "fixed_pairs": [[0, 0]]}, "allows no pair (NaN)"),
    "fixed twice": ({"fixed_pairs": [[0, 0], [0, 0]]}, "mentee 0 and mentor 0 2 times"),
    "more fixed than places": ({"fixed_pairs": [[0, 0], [1, 0]]}, "mentor 0 has room for one mentee, but two fixed"),
    "more fixed than asked for": ({"fixed_pairs": [[0, 0], [0, 1]]}, "mentee 0 asks for one mentor, but two fixed"),
    "a group larger than its room": ({"mentor_min": [3, 0]}, "at least three mentees, but has one place"),
    "a group that cannot fill": (
        {"mentor_capacity": [3, 1], "mentor_min": [3, 0], "fixed_pairs": [[0, 0]]},
        "but only 1 more may join",
    ),
    "quotas that contradict": (
        {"quota": [{"file": "a.npy", "min_share": 0.6}, {"file": "b.npy", "min_share": 0.6}]},
        "The quota a.npy (at least 60% of all pairs) and the quota b.npy (at least 60% of all pairs) cannot hold",
    ),
    "a quota that the fixed pair breaks": (
        {"quota": [{"file": "none.npy", "min_share": 0.5}], "fixed_pairs": [[0, 0]]},
        "The quota none.npy (at least 50% of all pairs) cannot hold: no plan is possible",
    ),
}


@pytest.mark.parametrize("objective", ["total", "fair", "leximin", "cover"])
@pytest.mark.parametrize(("problem", "sentence"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_demands_that_contradict_are_named(problem, sentence, objective, tmp_path, capsys):
    files = {"a.npy": [[1, 0], [1, 0]], "b.npy": [[0, 1], [0, 1]], "none.npy": [[0, 0], [0, 0]]}
    folder = write(tmp_path, **{"scores": TWO, "files": files, **problem, "objective": objective})
    code, result = solved(folder, capsys)
    assert code == 0
    assert sentence in result["status"]


ANSWERED = {
    "no mentees": ({"scores": np.zeros((0, 3))}, 0),
    "no mentors": ({"scores": np.zeros((3, 0))}, 0),
    "nobody at all": ({"scores": np.zeros((0, 0))}, 0),
    "no places": ({"scores": TWO, "mentor_capacity": [0, 0]}, 0),
    "no wishes": ({"scores": TWO, "mentee_demand": [0, 0]}, 0),
    "nothing allowed": ({"scores": [[NAN, NAN]] * 3}, 0),
    "everything forbidden": ({"scores": TWO, "forbidden_pairs": [[0, 0], [0, 1], [1, 0], [1, 1]]}, 0),
    "only zeros": ({"scores": np.zeros((3, 2))}, 2),
    "huge scores": ({"scores": [[1e300, 1.0], [1e300, -1e300]]}, 2),
    "tiny scores": ({"scores": [[5e-324, 0.0], [0.0, 5e-324]]}, 2),
    "single precision": ({"scores": TWO, "dtype": "float32"}, 2),
    "whole numbers": ({"scores": [[3, 1], [2, 5]], "dtype": "int16"}, 2),
    "one cannot be placed": ({"scores": [[0.5, 0.25], [NAN, NAN], [0.75, 1.0]]}, 2),
    "more places than anybody": ({"scores": TWO, "mentor_capacity": [10**15, 10**15]}, 2),
    "numbers with a point": ({"scores": TWO, "n_mentees": 2.0, "mentor_capacity": [1.0, 1.0]}, 2),
    "an unknown name": ({"scores": TWO, "colour": "blue"}, 2),
    "no counts": ({"scores": TWO, "n_mentees": NOTHING, "n_mentors": NOTHING}, 2),
    "a quota of everything": ({"scores": TWO, "quota": {"file": "scores.npy", "min_share": 1.0}}, 2),
    "forbidden twice": ({"scores": TWO, "forbidden_pairs": [[0, 1], [0, 1]]}, 2),
}  # fmt: skip


@pytest.mark.parametrize("objective", ["total", "fair", "leximin", "stable", "cover"])
@pytest.mark.parametrize(("problem", "placed"), ANSWERED.values(), ids=ANSWERED)
def test_hard_but_sound_folders_are_answered_and_checked(problem, placed, objective, tmp_path, capsys):
    folder = write(tmp_path, **problem, objective=objective)
    code, result = solved(folder, capsys)
    assert (code, result["status"]) == (0, "ok")
    assert result["placed"] == placed
    names = {entry["mentee"] for entry in result["unmatched"]} | {row for row, _ in result["pairs"]}
    assert names == set(range(len(problem["scores"])))
    assert main(["check", str(folder), str(folder / "result.json")]) == 0


def test_what_is_null_is_not_said(tmp_path, capsys):
    names = ("objective", "mentor_capacity", "quota", "cover", "want", "stickiness", "seconds", "one_mode")
    code, result = solved(write(tmp_path, TWO, **dict.fromkeys(names)), capsys)
    assert (code, result["status"], result["placed"]) == (0, "ok", 2)


def test_what_stability_costs_is_a_share_also_where_nobody_likes_anybody(tmp_path, capsys):
    folder = write(tmp_path, [[-1.0, -2.0], [-2.0, -3.0]], objective="stable")
    code, result = solved(folder, capsys)
    assert (code, result["gap"]) == (0, 1.0)
    assert main(["check", str(folder), str(folder / "result.json")]) == 0
    assert "within 100.000 %" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        ({}, "Two pairs, nobody without. Nothing better is possible.\n"),
        ({"mentor_capacity": [1, 0]}, "One pair, one without. Nothing better is possible.\n"),
        ({"objective": "stable"}, "Two pairs, nobody without.\n"),
        ({"want": ["prices"]}, "Two pairs, nobody without.\n"),
    ],
)
def test_the_proof_is_said_with_each_run(problem, sentence, tmp_path, capsys):
    assert main(["solve", str(write(tmp_path, TWO, **problem)), "--out", str(tmp_path / "said.json")]) == 0
    assert capsys.readouterr().out == sentence


def test_many_wishes_for_a_fair_share_are_answered_though_time_runs_out(tmp_path, capsys):
    scores = np.random.default_rng(2).random((120, 60))
    wishes = {"mentor_capacity": [4] * 60, "mentee_demand": [2] * 120, "seconds": 2.0}
    folder = write(tmp_path, scores, objective="fair", fair_level="mentee_total", **wishes)
    code, result = solved(folder, capsys)
    assert (code, result["status"], result["placed"]) == (0, "ok", 240)
    assert 0 < result["worst_total"] <= 2
    assert result["bound"] >= result["total"]
    assert main(["check", str(folder), str(folder / "result.json")]) == 0


def test_a_pair_below_zero_is_made_only_where_placing_comes_first(tmp_path, capsys):
    below = [[-1.0, -3.0], [-2.0, -5.0]]
    assert solved(write(tmp_path, below), capsys)[1]["pairs"] == []
    everyone = solved(write(tmp_path, below, everyone=True), capsys)[1]
    assert (everyone["pairs"], everyone["total"], everyone["bound"]) == ([[0, 1], [1, 0]], -5.0, -5.0)


def test_the_plain_certificate_is_capacity_times_price_and_each_best_surplus(tmp_path, capsys):
    scores = np.random.default_rng(3).random((30, 12))
    capacity = np.arange(12) % 3
    result = solved(write(tmp_path, scores, mentor_capacity=capacity.tolist()), capsys)[1]
    prices = np.array(result["prices"])
    bound = capacity @ prices + np.maximum((scores - prices).max(axis=1), 0.0).sum()
    total = sum(scores[row, column] for row, column in result["pairs"])
    assert (prices >= 0).all()
    assert total == pytest.approx(bound, rel=1e-12)
    assert result["bound"] == pytest.approx(bound, rel=1e-12)
    gives = np.bincount([column for _, column in result["pairs"]], minlength=12)
    assert (prices[gives < capacity] == 0).all()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"pairs": [[0, 0], [1, 0]]}, "Mentor 0 has 2 mentees."),
        ({"pairs": [[0, 1], [1, 0]]}, "sum to 1"),
        ({"prices": [0.0, 0.0], "multipliers": {}}, "within"),
        ({"status": "infeasible"}, "The result holds no plan"),
        ({"pairs": [[0, 5]]}, "names number 5"),
    ],
)
def test_the_check_sees_what_is_wrong(change, sentence, tmp_path, capsys):
    scores = [[0.5, 0.25], [0.75, 1.0]] if "prices" not in change else [[1.0, 0.5], [1.0, 0.5]]
    folder = write(tmp_path, scores)
    result = solved(folder, capsys)[1]
    (folder / "result.json").write_text(json.dumps({**result, **change}))
    code = main(["check", str(folder), str(folder / "result.json")])
    assert code == (0 if "prices" in change else 2 if "names" in sentence else 1)
    out = capsys.readouterr()
    assert sentence in out.out + out.err


@pytest.mark.parametrize(
    "scores",
    [np.full((1000, 1000), 0.5), np.ones((200_000, 3)), np.random.default_rng(0).integers(0, 5, (60_000, 4)) / 4.0],
    ids=["a million ties", "a multitude alike", "a multitude in four shades"],
)
def test_many_people_and_many_ties_are_no_trouble(scores, tmp_path, capsys):
    rooms = [1] * 1000 if len(scores) == 1000 else [len(scores) // 5] * scores.shape[1]
    folder = write(tmp_path, scores, mentor_capacity=rooms)
    started = perf_counter()
    _, result = solved(folder, capsys)
    assert result["placed"] == sum(rooms)
    assert result["gap"] <= 1e-9
    assert perf_counter() - started < 60
