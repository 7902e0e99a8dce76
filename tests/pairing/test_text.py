"""Free text: near where the matter is the same, on every machine, without a network; silent where nothing is known."""

import subprocess
import sys
from dataclasses import replace
from importlib import util

import numpy as np
import pytest

import pairing
from pairing import words
from pairing.criteria import CRITERIA
from pairing.errors import BadProblem
from pairing.text import measure, models, prose, vectors
from pairing.types import Problem
from tests.pairing.paraphrases import PARAPHRASES
from tests.pairing.rounds import mentee, mentor, problem

GOAL = "How can a tiny authority keep up with cyber attacks?"
OFFER = "Information security for small organisations on little money."


class Letters:
    """A model of one's own: how often each letter stands in a text."""

    name = "letters 1"

    def embed(self, texts):
        return np.array([[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts], dtype=np.float32)


def written(goal=GOAL, offer=OFFER, **values):
    return problem([mentee(text_want=goal)], [mentor(text_offer=offer)], weights={"text": 1.0}, **values)


def closeness(asked):
    return pairing.prepare(asked).scores()[0, 0]


def auc(near: np.ndarray) -> float:
    """How often a goal is nearer to its own offer than another goal to another offer; ties count half."""
    own, strangers = np.diag(near), near[~np.eye(len(near), dtype=bool)]
    return float((np.greater.outer(own, strangers) + 0.5 * np.equal.outer(own, strangers)).mean())


def test_paraphrases_are_nearer_than_strangers():
    asked = problem(
        [mentee(f"{n}", text_want=goal) for n, (goal, _offer) in enumerate(PARAPHRASES)],
        [mentor(f"{n}", text_offer=offer) for n, (_goal, offer) in enumerate(PARAPHRASES)],
    )
    prepared = pairing.prepare(asked)
    near, known = measure.measure(prepared.facts, prepared.problem)
    near = near[:, [prepared.facts.column[one.id] for one in prepared.facts.mentees]]
    assert known.all()
    assert len(PARAPHRASES) >= 30
    assert auc(near) > 0.75
    # Centred, strangers have next to nothing in common; the neutral value is theirs.
    strangers = near[~np.eye(len(near), dtype=bool)].mean()
    assert strangers == pytest.approx(CRITERIA["text"].neutral, abs=0.05)


def test_the_sentences_that_are_near_are_the_evidence_the_nearest_first():
    asked = written(f"I want to chair meetings. {GOAL}", f"Parking and permits.\n{OFFER}")
    [contribution] = pairing.explain_pair(asked, "ben", "hana").contributions
    [near] = contribution.evidence["near"]
    assert (near["want"], near["offer"]) == (GOAL, OFFER)
    assert measure.NEAR <= near["closeness"] <= 1.0
    assert words.sentence(contribution, "mentee") == f"You wrote “{GOAL}”, they wrote “{OFFER}”"
    assert words.sentence(contribution, "mentor") == f"They wrote “{GOAL}”, you wrote “{OFFER}”"


def test_one_goal_met_is_not_drowned_by_others_and_both_met_is_better():
    other, met = "How do I run an election?", "Elections and polling stations."
    alone, one = closeness(written()), closeness(written(f"{GOAL} {other}"))
    assert alone / 2 < one < alone < closeness(written(f"{GOAL} {other}", f"{OFFER} {met}")) <= 1.0


@pytest.mark.parametrize(("goal", "offer"), [("", OFFER), (GOAL, ""), ("  ", OFFER), ("?!", OFFER), (GOAL, "…")])
def test_who_has_written_nothing_is_not_compared(goal, offer):
    asked = replace(written(goal, offer), weights={"text": 1.0, "perspective": 1.0})
    assert [one.criterion for one in pairing.explain_pair(asked, "ben", "hana").contributions] == ["perspective"]


def test_a_stranger_to_prose_among_writers_takes_the_neutral_value():
    asked = written()
    asked = replace(asked, mentees=(*asked.mentees, mentee("amy")))
    [unsaid] = pairing.explain_pair(asked, "amy", "hana").contributions
    assert (unsaid.score01, dict(unsaid.evidence)) == (0.1, {"known": False})


def test_vectors_are_made_once_and_the_same_whoever_else_takes_part():
    alone = vectors.filled(written())
    company = [mentee(f"m{n}", text_want=goal) for n, (goal, _offer) in enumerate(PARAPHRASES)]
    among = vectors.filled(replace(written(), mentees=(*company, mentee(text_want=GOAL))))
    assert dict(alone.vectors).items() <= dict(among.vectors).items()
    assert vectors.filled(alone) is alone
    assert pairing.solve(alone).inputs_hash == pairing.solve(written()).inputs_hash


def test_a_text_may_be_kept_back_and_its_key_given_with_the_vectors():
    whole = vectors.filled(written())
    kept_back = replace(
        whole,
        mentees=(mentee(text_want=prose.key("want", GOAL)),),
        mentors=(mentor(text_offer=prose.key("offer", OFFER)),),
    )
    assert closeness(kept_back) == closeness(whole) > 0
    [contribution] = pairing.explain_pair(kept_back, "ben", "hana").contributions
    assert [(one["want"], one["offer"]) for one in contribution.evidence["near"]] == [("", "")]
    assert words.sentence(contribution, "mentee") == "Their own words are close"


def test_a_model_of_ones_own_takes_the_place_of_the_default():
    own = vectors.filled(written("abc abd", "abd abc"), Letters())
    assert own.text_model == "letters 1"
    assert closeness(own) > closeness(vectors.filled(written("abc abd", "xyz xyz"), Letters()))
    # The default model never adds to what another has made.
    later = replace(own, mentees=(mentee(text_want="Something else."),))
    assert vectors.filled(later) is later


@pytest.mark.parametrize("stored", ["", "4", "4:%%%", "0:AAAA", "-1:AAAA", "7:AAAA", "3:", "2000:" + "AAAA" * 2000])
def test_vectors_that_cannot_be_read_are_refused_in_a_sentence(stored):
    asked = written(vectors={prose.key("want", GOAL): stored, prose.key("offer", OFFER): "3:AAAA"}, text_model="x")
    with pytest.raises(BadProblem, match=r"[Vv]ectors.*\."):
        pairing.solve(asked)


def test_vectors_of_two_lengths_are_refused():
    asked = written(vectors={prose.key("want", GOAL): "3:AAAA", prose.key("offer", OFFER): "1:AAAA"}, text_model="x")
    with pytest.raises(BadProblem, match="two models"):
        pairing.solve(asked)


def test_products_of_whole_numbers_are_exact_at_the_greatest_length():
    rows = np.full((1, vectors.MOST_NUMBERS), vectors.TOP, dtype=np.int8)
    exact = vectors.MOST_NUMBERS * vectors.TOP**2
    stack = measure._Stack([rows])
    assert float((stack.rows @ stack.rows.T)[0, 0]) == exact


LONG = "A sentence about nothing in particular that goes on and on. " * 40


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("One thing. Another thing!", ("One thing.", "Another thing!")),
        ("- budgets\n* people\n• budgets", ("budgets", "people")),
        ("Cost 3.5 per cent.", ("Cost 3.5 per cent.",)),
        ("12 - 34\nok", ()),
        (LONG, ("A sentence about nothing in particular that goes on and on.",)),
    ],
)
def test_prose_falls_into_sentences_and_lines(text, expected):
    assert prose.phrases(text) == expected


def test_a_very_long_text_is_cut():
    found = prose.phrases("\n".join(f"matter {n} {'x' * 400}" for n in range(30)))
    assert (len(found), max(map(len, found))) == (prose.MOST, prose.LONGEST)


NO_MODEL = """
import sys
sys.modules["wordllama"] = None
import pairing
from tests.pairing.test_text import written
from dataclasses import replace
asked = replace(written(), weights={"text": 1.0, "perspective": 1.0})
print([one.criterion for one in pairing.solve(asked).pairs[0].contributions])
"""
NO_NETWORK = """
import socket
def refuse(*given): raise SystemExit("asked the network")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = refuse
import logging, pairing
from tests.pairing.test_text import written
print(pairing.solve(written()).total > 0, logging.getLogger().handlers, logging.getLogger().level)
"""
LIGHT = """
import sys
import pairing, pairing.types, pairing.words, pairing.text.prose, pairing.text.models
print(sorted({name.split(".")[0] for name in sys.modules} & {"numpy", "scipy", "wordllama", "tokenizers"}))
"""


@pytest.mark.parametrize(
    ("program", "printed"),
    [(NO_MODEL, "['perspective']"), (NO_NETWORK, "True [] 30"), (LIGHT, "[]")],
    ids=["without the model", "without a network", "before anything is solved"],
)
def test_in_a_process_of_its_own(program, printed):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == (printed, 0), done.stderr


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json"])
def test_a_folder_that_is_no_sentence_model_is_refused(tmp_path, missing):
    for name in {"model.onnx", "tokenizer.json"} - {missing}:
        (tmp_path / name).touch()
    with pytest.raises(BadProblem, match=missing):
        models.Onnx(tmp_path)


@pytest.mark.skipif(util.find_spec("onnxruntime") is not None, reason="onnxruntime is installed here")
def test_a_sentence_model_without_its_package_is_refused(tmp_path):
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).touch()
    with pytest.raises(BadProblem, match="needs the package onnxruntime"):
        models.Onnx(tmp_path)


def test_the_model_is_named_with_its_version():
    model = models.default()
    assert model is not None
    assert model.name.startswith("wordllama 0.4.")
    assert vectors.filled(Problem(mentees=(), mentors=())).text_model == ""
