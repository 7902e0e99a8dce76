"""Folders too large to be held: answered from the file, checked by the same checker as all others."""

import json
from math import inf

import numpy as np
import pytest

from pairing.__main__ import main
from pairing.folder import answering, reading, vast
from tests.pairing.folders import write

NAN = float("nan")


@pytest.fixture
def _few_are_many(monkeypatch):
    monkeypatch.setattr(vast, "MANY", 10)
    monkeypatch.setattr(vast, "NARROW", 2)


def both(folder):
    """The answer from the file in blocks, and the exact one."""
    asked = vast.asked(folder)
    assert asked is not None
    return vast.answer(asked), answering.answer(reading.read(folder))


@pytest.mark.usefixtures("_few_are_many")
@pytest.mark.parametrize("seed", range(25))
def test_blocks_of_a_file_give_the_best_total_and_prove_it(seed, tmp_path):
    dice = np.random.default_rng(seed)
    shape = dice.integers(5, 40, 2)
    scores = dice.random(shape) - dice.choice([0.0, 0.3])
    scores[dice.random(shape) < 0.3] = NAN
    places = {
        "mentor_capacity": dice.integers(0, 4, shape[1]).tolist(),
        "mentee_demand": dice.integers(0, 3, shape[0]).tolist(),
    }
    forbidden = [[int(row), int(column)] for row, column in dice.integers(0, 5, (6, 2))]
    fixed = next(
        [[row, column]]
        for row, column in np.argwhere(~np.isnan(scores)).tolist()
        if [row, column] not in forbidden and places["mentor_capacity"][column] and places["mentee_demand"][row]
    )
    folder = write(tmp_path, scores, fixed_pairs=fixed, forbidden_pairs=forbidden, **places)
    large, exact = both(folder)
    assert large["total"] == pytest.approx(exact["total"], rel=1e-5)
    assert large["bound"] >= exact["total"] - 1e-9
    assert large["gap"] <= 1e-5
    assert {one["mentee"] for one in large["unmatched"]} | {row for row, _ in large["pairs"]} == set(range(shape[0]))
    assert [one["mentee"] for one in large["short"]] == [
        row
        for row, asked in enumerate(places["mentee_demand"])
        if 0 < sum(pair[0] == row for pair in large["pairs"]) < asked
    ]
    (folder / "result.json").write_text(json.dumps(large, allow_nan=False))
    assert main(["check", str(folder), str(folder / "result.json")]) == 0


@pytest.mark.usefixtures("_few_are_many")
@pytest.mark.parametrize(
    "problem",
    [
        {"objective": "fair"},
        {"everyone": True},
        {"mentor_min": [2, 0, 0, 0]},
        {"previous": [[0, 0]], "stickiness": 1.0},
        {"mentee_ids": ["a", "b", "c", "d"]},
        {"want": ["backups"]},
        {"fixed_pairs": [[0, 0], [0, 0]]},
        {"fixed_pairs": [[0, 0]], "forbidden_pairs": [[0, 0]]},
        {"n_mentees": 3},
        {"scores": "../other.npy"},
    ],
)
def test_whatever_else_is_asked_is_read_as_usual(problem, tmp_path):
    folder = write(tmp_path, np.ones((4, 4)))
    said = json.loads((folder / "problem.json").read_text())
    (folder / "problem.json").write_text(json.dumps(said | problem))
    assert vast.asked(folder) is None


@pytest.mark.usefixtures("_few_are_many")
@pytest.mark.parametrize("odd", [inf, -inf, 1e200])
def test_scores_beyond_reckoning_are_read_as_usual(odd, tmp_path):
    scores = np.ones((4, 4))
    scores[3, 3] = odd
    asked = vast.asked(write(tmp_path, scores))
    assert asked is not None
    assert vast.answer(asked) is None


@pytest.mark.usefixtures("_few_are_many")
def test_where_nobody_has_a_place_the_prices_prove_it(tmp_path, capsys):
    folder = write(tmp_path, np.ones((4, 4)), mentor_capacity=[0] * 4)
    assert main(["solve", str(folder), "--out", str(folder / "result.json")]) == 0
    assert main(["check", str(folder), str(folder / "result.json")]) == 0
    assert "nothing better is possible" in capsys.readouterr().out


def test_nine_million_pairs_are_answered_and_proven(tmp_path, capsys):
    scores = np.random.default_rng(4).random((3000, 3000), dtype=np.float32)
    scores[7] = NAN
    folder = write(tmp_path, scores, dtype=np.float32, want=["bound", "prices", "reasons"])
    assert main(["solve", str(folder), "--out", str(folder / "result.json")]) == 0
    assert "2999 pairs, one without." in capsys.readouterr().out
    result = json.loads((folder / "result.json").read_text())
    assert result["gap"] <= 1e-5
    assert result["unmatched"] == [{"mentee": 7, "reason": "No mentor with a place is allowed."}]
    assert main(["check", str(folder), str(folder / "result.json")]) == 0


def test_ten_million_ties_are_no_trouble(tmp_path):
    result = vast.answer(vast.asked(write(tmp_path, np.ones((4000, 2200)), dtype=np.float32)))
    assert (result["placed"], result["total"], result["gap"]) == (2200, 2200.0, 0.0)
    assert result["unmatched"][0]["reason"] == "2200 mentors are possible; without this pair the whole is better."
