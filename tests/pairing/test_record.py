"""A run as a file: the same pairs from it elsewhere and in another order, and every change of it seen."""

import json
import random
import subprocess
import sys
from dataclasses import replace

import pytest

import pairing
from pairing import record, repeating
from pairing.errors import BadProblem
from pairing.text import vectors
from tests.pairing.paraphrases import PARAPHRASES
from tests.pairing.rounds import couples, mentee, mentor, problem, random_round

ORDER = {"sort_keys": True, "ensure_ascii": False}


def spoken(seed=3, **values):
    """A made-up round whose people have written something too."""
    asked = random_round(seed, mentees=9, mentors=7, **values)
    mentees = tuple(replace(one, text_want=PARAPHRASES[n][0]) for n, one in enumerate(asked.mentees))
    mentors = tuple(replace(one, text_offer=PARAPHRASES[n][1]) for n, one in enumerate(asked.mentors))
    return vectors.filled(replace(asked, mentees=mentees, mentors=mentors))


def recorded(asked, **values):
    return record.of(asked, pairing.solve(asked), **values)


def shuffled(asked, seed):
    mentees, mentors = list(asked.mentees), list(asked.mentors)
    random.Random(seed).shuffle(mentees)
    random.Random(seed + 1).shuffle(mentors)
    return replace(asked, mentees=tuple(mentees), mentors=tuple(mentors))


@pytest.mark.parametrize("objective", ["total", "fair"])
@pytest.mark.parametrize("seed", range(4))
def test_a_record_says_the_same_in_any_order_of_people_and_repeats(seed, objective):
    asked = spoken(seed, objective=objective)
    text = record.dumps(recorded(asked))
    assert record.dumps(recorded(shuffled(asked, seed))) == text
    again = record.repeat(record.loads(text))
    assert (again.same, again.differences) == (True, ())
    assert couples(again.solution) == couples(pairing.solve(asked))


def test_a_record_holds_what_went_in_what_came_out_the_proof_and_who_decided_what():
    asked = replace(spoken(), locks=frozenset())
    decided = (record.Decision("forbid", "mentee-1", "mentor-2", "They share an office."),)
    told = json.loads(record.dumps(recorded(asked, decisions=decided, about={"programme": "Autumn"})))
    solution = pairing.solve(asked)
    assert told["inputs_hash"] == solution.inputs_hash
    assert told["problem"]["weights"] == asked.weights
    assert {"no_shared_hours", "conflict", "capacity"} <= set(told["constraints"])
    assert {"wants_offers", "text", "rhythm"} <= set(told["criteria"])
    assert told["decisions"][0]["reason"] == "They share an office."
    assert told["about"] == {"programme": "Autumn"}
    assert [(one["mentee"], one["mentor"]) for one in told["result"]["pairs"]] == couples(solution)
    assert sum(told["result"]["pairs"][0]["points"].values()) == pytest.approx(solution.pairs[0].score, abs=1e-4)
    assert told["proof"]["sentence"] == "Nothing better is possible."
    assert told["versions"]["text model"].startswith("wordllama")


def test_for_other_eyes_a_record_has_nobodys_words_or_confidences_and_gives_the_same_pairs():
    asked = spoken(5)
    secrets = [
        replace(asked.mentees[0], not_with=frozenset({"organisation:east", "person:canary-a"})),
        replace(asked.mentees[1], blocked=frozenset({"mentor-1", "canary-b"})),
        replace(asked.mentees[2], line_manager_ids=frozenset({"mentor-2", "canary-c"})),
    ]
    asked = vectors.filled(replace(asked, mentees=(*secrets, *asked.mentees[3:])))
    prepared = pairing.prepare(asked)
    bare = record.without_confidences(prepared)
    text = record.dumps(recorded(bare))
    assert "canary" not in text
    assert "organisation:east" not in text
    assert not [said for pair in PARAPHRASES for said in pair if said in text]
    assert couples(pairing.solve(bare)) == couples(prepared.solve())
    assert pairing.solve(bare).total == prepared.solve().total
    assert record.repeat(record.loads(text)).same


def changed(text, change):
    whole = json.loads(text)
    whole.pop("digest")
    change(whole)
    digest = record.sha256(json.dumps(whole, separators=(",", ":"), **ORDER).encode()).hexdigest()
    return json.dumps({**whole, "digest": digest})


def test_a_letter_changed_by_hand_is_seen():
    text = record.dumps(recorded(problem()))
    with pytest.raises(BadProblem, match="changed after it was written"):
        record.loads(text.replace('"ben"', '"Ben"'))


def test_a_result_that_does_not_follow_is_told():
    asked = problem([mentee(), mentee("amy")], [mentor(), mentor("zoe", organisation="north")])
    made = recorded(asked)
    pairs = [{**one, "mentor": "zoe"} for one in made.result["pairs"]]
    again = record.repeat(replace(made, result={**made.result, "pairs": pairs, "total": 9.0}))
    assert not again.same
    assert again.differences[0] == "1 of 1 pairs did not come out again."
    assert any(one.startswith("total was 9.0") for one in again.differences)
    other = record.repeat(replace(made, problem=replace(made.problem, weights={"hours": 1.0, "perspective": 2.0})))
    assert "their fingerprint differs" in other.differences[0]


def test_another_version_is_told_and_does_not_make_it_another_result():
    made = recorded(problem())
    again = record.repeat(replace(made, versions={**made.versions, "numpy": "1.0"}))
    assert again.same
    assert again.differences[0].startswith("It was made with numpy 1.0; here is ")


def _drop(part):
    return lambda whole: whole.pop(part)


BROKEN = {
    "not JSON": ("{", "not JSON"),
    "a list": ("[1, 2]", "format"),
    "another format": ('{"format": "x"}', "format"),
    "another version": (changed(record.dumps(recorded(problem())), lambda whole: whole.update(version=9)), "version"),
    "no people": (changed(record.dumps(recorded(problem())), _drop("problem")), "missing"),
    "people that are words": (
        changed(record.dumps(recorded(problem())), lambda whole: whole["problem"].update(mentees=["ben"])),
        "another shape",
    ),
}


@pytest.mark.parametrize(("text", "why"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_record_is_refused_in_a_sentence(text, why, tmp_path, capsys):
    with pytest.raises(BadProblem, match=why):
        record.loads(text)
    (tmp_path / "r.json").write_text(text)
    assert repeating.run(type("Asked", (), {"record": tmp_path / "r.json"})) == 2
    assert why in capsys.readouterr().err


def test_a_solution_of_another_problem_is_not_recorded():
    with pytest.raises(BadProblem, match="another problem"):
        record.of(problem([mentee("amy")]), pairing.solve(problem()))


@pytest.mark.parametrize(
    ("make", "code", "said"),
    [
        (lambda text: text, 0, "The same again: "),
        (lambda text: changed(text, lambda whole: whole["result"].update(total=1.0)), 1, "Not the same."),
    ],
)
def test_the_command_repeats_a_record_in_a_process_of_its_own(make, code, said, tmp_path):
    path = tmp_path / "run.json"
    path.write_text(make(record.dumps(recorded(spoken()))))
    command = [sys.executable, "-m", "pairing", "repeat", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (code, "")
    assert done.stdout.startswith(said)


def test_a_file_that_is_not_there_is_refused(tmp_path, capsys):
    assert repeating.run(type("Asked", (), {"record": tmp_path / "none.json"})) == 2
    assert capsys.readouterr().err.count("cannot be read") == 1
