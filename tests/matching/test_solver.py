import os
import signal
import sys
from pathlib import Path

import pytest

from commonhall.core.child import Crashed, NeededTooMuchMemory, TookTooLong
from commonhall.core.errors import Unavailable
from commonhall.matching.desk import Desk
from commonhall.matching.plain import pack, to_plain
from commonhall.matching.solver import NotPossible, Solver
from pairing.types import Person, Problem, Wish

PROBLEM = Problem(
    mentees=(Person(id="1", role="mentee", organisation="a", wants=(Wish("service", "housing"),)),),
    mentors=(
        Person(id="2", role="mentor", organisation="b", offers=(Wish("service", "housing"),)),
        Person(id="3", role="mentor", organisation="a", offers=(Wish("service", "housing"),)),
    ),
)
PACKED = pack(to_plain(PROBLEM))


@pytest.fixture
def solver():
    made = Solver(seconds=30)
    yield made
    made.stop()


def test_a_round_is_solved_in_another_process(solver):
    answer = solver.ask("run", packed=PACKED)
    assert [pair[:2] for pair in answer["outcome"]["pairs"]] == [["1", "2"]]
    assert solver.pid not in (None, os.getpid())


def test_the_process_that_solves_is_told_no_secret(solver, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "for signing only")
    monkeypatch.setenv("DATABASE_URL", "postgres://commonhall:hidden@db/commonhall")
    solver.ask("run", packed=PACKED)
    given = Path(f"/proc/{solver.pid}/environ").read_text()
    assert "PATH=" in given
    assert "for signing only" not in given
    assert "hidden" not in given


def test_the_web_process_stays_free_of_the_mathematics_and_of_tables_of_holidays():
    heavy = "{'numpy', 'scipy', 'wordllama', 'tokenizers', 'onnxruntime', 'holidays'}"
    code = f"import sys, django; django.setup(); import commonhall.config.urls; print({heavy} & set(sys.modules))"
    import subprocess

    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": os.pathsep.join(sys.path)}
    said = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout
    assert said.strip() == "set()"


def test_a_second_question_finds_the_same_process_and_needs_no_inputs(solver):
    key = solver.ask("run", packed=PACKED)["key"]
    first = solver.pid

    def never():
        raise AssertionError("the child knows this problem")

    solver.ask_about(key, never, "trial", settings={"weights": {"hours": 1.0}})
    assert solver.pid == first


def test_a_dead_process_is_replaced_and_asked_again(solver):
    key = solver.ask("run", packed=PACKED)["key"]
    os.kill(solver.pid, signal.SIGKILL)
    outcome = solver.ask_about(key, lambda: PACKED, "trial", settings={"rules": {"same_organisation_allowed": True}})
    assert outcome["placed"] == 1


def test_an_idle_process_ends_by_itself():
    solver = Solver(idle=0.1)
    solver.ask("run", packed=PACKED)
    solver._child.wait(timeout=20)
    assert solver.pid is None
    assert solver.ask("run", packed=PACKED)["outcome"]["placed"] == 1
    solver.stop()


def test_what_takes_too_long_is_stopped_and_the_next_question_works(solver):
    solver.seconds = 0.0
    with pytest.raises(TookTooLong):
        solver.ask("run", packed=PACKED)
    assert solver.pid is None
    solver.seconds = 30
    assert solver.ask("run", packed=PACKED)["outcome"]["placed"] == 1


def test_what_needs_too_much_memory_is_told_so():
    crowd = Problem(
        mentees=tuple(Person(id=f"e{n}", role="mentee") for n in range(2500)),
        mentors=tuple(Person(id=f"o{n}", role="mentor") for n in range(2500)),
    )
    solver = Solver(megabytes=120)
    with pytest.raises((NeededTooMuchMemory, Crashed)):
        solver.ask("run", packed=pack(to_plain(crowd)))
    solver.stop()


def test_somebody_else_at_the_desk_is_waited_for_and_then_told(solver):
    solver.seconds = 0.05
    with solver._turn, pytest.raises(Unavailable):
        solver.ask("run", packed=PACKED)


def test_a_contradiction_is_refused_in_words(solver):
    locked = Problem(mentees=PROBLEM.mentees, mentors=PROBLEM.mentors, locks=frozenset({("1", "3")}))
    with pytest.raises(NotPossible, match="same organisation"):
        solver.ask("run", packed=pack(to_plain(locked)))


def test_a_bad_question_does_not_end_the_process(solver):
    solver.ask("run", packed=PACKED)
    first = solver.pid
    with pytest.raises(Crashed):
        solver.ask("no_such_question")
    assert solver.pid == first


def test_a_round_too_large_to_be_held_is_solved_in_blocks_and_comes_out_the_same(monkeypatch):
    monkeypatch.setattr("pairing.checks.MOST_HELD", 0)
    desk = Desk()
    first = desk.run(PACKED)
    assert not desk.problems
    assert [pair[:2] for pair in first["outcome"]["pairs"]] == [["1", "2"]]
    again = desk.repeat(first["inputs"])
    assert (again["key"], again["outcome"]["pairs"]) == (first["key"], first["outcome"]["pairs"])
