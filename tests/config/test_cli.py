import os

import pytest

from commonhall.config import cli

VERBS = [
    "up",
    "demo",
    "worker",
    "clock",
    "match",
    "import-organisations",
    "import-people",
    "check",
    "dump",
    "doctor",
    "backup",
    "restore",
]


@pytest.fixture(autouse=True)
def same_surroundings(monkeypatch):
    """What a verb sets for its own process does not stay for the next test."""
    for name in ("COMMONHALL_DATA", "PORT"):
        monkeypatch.setenv(name, os.environ.get(name, ""))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main([verb, "--help"])
    assert left.value.code == 0
    assert verb in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["fly"], ["up", "--port", "many"], ["backup"]])
def test_what_it_does_not_understand_is_refused_with_the_usage(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    assert left.value.code == 2
    assert "usage: commonhall" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["match", "/nowhere/at/all.csv"], "There is no file /nowhere/at/all.csv"),
        (["up", "--host", "203.0.113.9", "--port", "1"], "cannot listen on 203.0.113.9 port 1"),
        (["up", "--port", "99999"], "there is no port 99999"),
    ],
)
def test_a_failure_is_one_plain_sentence(db, arguments, words, capsys):
    assert cli.main(arguments) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("commonhall: ")
    assert words in said
