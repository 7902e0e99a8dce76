import ast
import re
from importlib import import_module

import pytest

from commonhall.config import notices
from commonhall.config.periodic import EVERY
from commonhall.config.reactions import REACTIONS
from commonhall.config.timeline import WORDS
from commonhall.jobs.work import Work
from tests.house.tree import parsed, python


def recorded():
    """Every text that could be a verb of the history, in the modules that record."""
    found = set()
    for path in python():
        if path.name == "timeline.py":
            continue
        tree = parsed(path)
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        names = {called(call) for call in calls}
        if names & {"record", "record_many"}:
            found |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and verb_like(node.value)}
    return found


def called(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def verb_like(value):
    return isinstance(value, str) and bool(re.fullmatch(r"[a-z]+\.[a-z_]+", value))


def direct_verbs():
    """The verbs written as the first argument of a call to record."""
    for path in python():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and called(node) in {"record", "record_many"}:
                verb = node.args[0] if node.args else None
                if isinstance(verb, ast.Constant) and verb_like(verb.value):
                    yield verb.value


def test_every_verb_that_is_recorded_has_words():
    assert set(direct_verbs()) <= set(WORDS)


def test_every_verb_with_words_is_recorded_somewhere():
    assert sorted(set(WORDS) - recorded()) == []


def test_reactions_and_notices_follow_verbs_that_are_recorded():
    assert sorted((set(REACTIONS) | set(notices.by_verb())) - recorded()) == []


@pytest.mark.parametrize("name", sorted({*EVERY, *(task for tasks in REACTIONS.values() for task in tasks)}))
def test_every_task_that_is_named_exists(name):
    module, function = f"commonhall.{name}".rsplit(".", 1)
    assert isinstance(getattr(import_module(module), function), Work)
