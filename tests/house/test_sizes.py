import ast

import pytest

from tests.house.tree import PRODUCT, ROOT, SOURCE, furniture, named, parsed, python, rooms, tracked

FORBIDDEN = {"utils", "helpers", "services", "managers", "mixins", "signals"}


def test_no_module_has_more_than_400_lines():
    long = {named(path): count for path in python(tests=True) if (count := len(path.read_text().splitlines())) > 400}
    assert not long


def test_no_template_has_more_than_120_lines():
    pages = [path for path in tracked() if path.suffix in {".html", ".txt"} and "templates" in path.parts]
    assert not {named(path): n for path in pages if (n := len(path.read_text().splitlines())) > 120}


def test_no_view_has_more_than_25_lines():
    long = {}
    for path in python():
        if PRODUCT in path.parents and furniture(path) == "views":
            for node in parsed(path).body:
                if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > 25:
                    long[f"{named(path)}:{node.name}"] = node.end_lineno - node.lineno + 1
    assert not long


def test_the_root_has_at_most_24_entries():
    assert len({path.relative_to(ROOT).parts[0] for path in tracked()}) <= 24


def test_no_module_is_named_after_nothing():
    assert not [named(path) for path in python() if FORBIDDEN & {path.stem, *path.relative_to(SOURCE).parts}]


def test_init_files_are_empty():
    allowed = {"src/pairing/__init__.py"}
    full = [named(path) for path in python() if path.name == "__init__.py" and path.read_text().strip()]
    assert set(full) <= allowed


def test_architecture_names_every_room_and_no_other():
    text = (ROOT / "ARCHITECTURE.md").read_text()
    table = text.split("## Rooms", 1)[1].split("\n## ", 1)[0]
    named_there = {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}
    assert named_there == set(rooms())


@pytest.mark.parametrize("words", ["TODO", "FIXME", "XXX"])
def test_nothing_is_left_for_later(words):
    assert not [
        named(path) for path in python(tests=True) if path.name != "test_sizes.py" and words in path.read_text()
    ]
