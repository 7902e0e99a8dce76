"""The examples of the package run as they stand."""

import doctest
from pathlib import Path

import pytest

import pairing
from pairing import prepared
from pairing.types import DEFAULT_WEIGHTS

README = Path(pairing.__file__).parent / "README.md"


@pytest.mark.usefixtures("own_names")
@pytest.mark.parametrize(
    "run",
    [
        lambda: doctest.testfile(str(README), module_relative=False),
        lambda: doctest.testfile(str(README.parent / "folder" / "README.md"), module_relative=False),
        lambda: doctest.testmod(prepared),
    ],
    ids=["people", "folder", "prepared"],
)
def test_the_examples_run(run):
    failed, tried = run()
    assert tried > 0
    assert failed == 0


def test_the_readme_lists_every_criterion_and_file():
    from_code = {path.name for path in README.parent.glob("*.py")} - {"__init__.py"}
    text = README.read_text()
    assert [name for name in sorted(from_code) if f"`{name}`" not in text] == []
    assert [name for name in DEFAULT_WEIGHTS if f"| `{name}` |" not in text] == []
