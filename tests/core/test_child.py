"""Work in a child: its answer comes back, and nothing it does can hurt the parent."""

import os
import time

import pytest

from commonhall.core import child
from commonhall.core.limits import MEGABYTE


def spin() -> None:
    while True:
        pass


def doze() -> None:
    time.sleep(60)


def hog(megabytes: int) -> int:
    return len(bytearray(megabytes * MEGABYTE))


def refuse() -> None:
    raise ValueError("not like this")


def vanish() -> None:
    os._exit(3)


def chatter() -> str:
    print("words on standard output")
    return "answer"


def secret() -> str | None:
    return os.environ.get("SECRET_KEY")


@pytest.mark.parametrize("function", ["math:factorial", "math:prod"])
def test_a_function_by_name_answers(function: str) -> None:
    assert child.run_limited(function, 5 if "factorial" in function else [4, 5, 6]) == 120


@pytest.mark.parametrize("function", [spin, doze])
def test_what_takes_too_long_is_stopped(function) -> None:
    began = time.monotonic()
    with pytest.raises(child.TookTooLong):
        child.run_limited(function, seconds=0.7)
    assert time.monotonic() - began < 10


def test_what_needs_too_much_memory_is_stopped() -> None:
    assert child.run_limited(hog, 20, megabytes=200) == 20 * MEGABYTE
    with pytest.raises(child.NeededTooMuchMemory):
        child.run_limited(hog, 900, megabytes=200)


def test_what_the_function_raises_is_raised_here() -> None:
    with pytest.raises(ValueError, match="not like this"):
        child.run_limited(refuse)


def test_a_child_that_dies_is_reported() -> None:
    with pytest.raises(child.Crashed):
        child.run_limited(vanish)


def test_what_is_printed_does_not_spoil_the_answer() -> None:
    assert child.run_limited(chatter) == "answer"


def test_the_child_knows_no_secrets() -> None:
    assert os.environ["SECRET_KEY"]
    assert child.run_limited(secret) is None
