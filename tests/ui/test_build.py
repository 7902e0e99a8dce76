"""The script that builds the front end."""

import functools
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from commonhall.ui.templatetags import ui

ASSETS = Path(__file__).resolve().parents[2] / "assets"


@pytest.fixture
def script(tmp_path: Path) -> ModuleType:
    """The build script with a source folder of its own."""
    spec = importlib.util.spec_from_file_location("front_end", ASSETS / "build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "assets" / "styles").mkdir(parents=True)
    (tmp_path / "assets" / "app.js").write_text("one")
    module.HERE = tmp_path / "assets"
    module.OUT = tmp_path / "static" / "ui"
    module.NEW = tmp_path / "static" / "ui.new"
    module.MARK = module.OUT / "built-from"
    return module


def finish(script: ModuleType, words: str, *others: str) -> None:
    script.NEW.mkdir(parents=True)
    (script.NEW / "manifest.json").write_text(words)
    for name in others:
        (script.NEW / name).write_text(words)
    (script.NEW / "built-from").write_text("\n".join([script.fingerprint(script.HERE), *others]))
    script.take_place()


@pytest.mark.parametrize("name", ["app.js", "styles/new.scss", "package-lock.json", "icons.txt", ".npmrc"])
def test_a_change_of_anything_that_goes_in_changes_the_fingerprint(script: ModuleType, name: str) -> None:
    before = script.fingerprint(script.HERE)
    assert script.fingerprint(script.HERE) == before
    (script.HERE / name).write_text("two")
    assert script.fingerprint(script.HERE) != before


def test_what_npm_puts_there_does_not_count(script: ModuleType) -> None:
    before = script.fingerprint(script.HERE)
    (script.HERE / "node_modules").mkdir()
    (script.HERE / "node_modules" / "x.js").write_text("two")
    assert script.fingerprint(script.HERE) == before


def test_a_finished_build_leaves_the_files_of_the_one_before_it(script: ModuleType) -> None:
    finish(script, "first")
    (script.OUT / "style-old.css").write_text("old")
    finish(script, "second")
    assert (script.OUT / "style-old.css").read_text() == "old"
    assert (script.OUT / "manifest.json").read_text() == "second"
    assert [folder.name for folder in script.OUT.parent.iterdir()] == ["ui"]
    script.take_away_former()
    assert sorted(file.name for file in script.OUT.iterdir()) == ["built-from", "manifest.json"]


def test_the_list_of_names_changes_after_every_file_that_it_names_is_there(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = []
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda file, target: (moved.append(file.name), replace(file, target))[1])
    script.NEW.mkdir(parents=True)
    for name in ("built-from", "manifest.json", "app-1.js", "style-1.css"):
        (script.NEW / name).write_text("x")
    script.take_place()
    assert sorted(moved[:2]) == ["app-1.js", "style-1.css"]


WHILE_ANOTHER_BUILDS = """
import runpy, sys, time
from pathlib import Path
script = runpy.run_path(sys.argv[1], run_name="build")
script["alone"].__wrapped__.__globals__["HERE"] = Path(sys.argv[2])
with script["alone"]():
    print("begun", flush=True)
    sys.stdin.readline()
    Path(sys.argv[2], "order").open("a").write(sys.argv[3])
"""


def test_two_builds_in_one_folder_take_turns(script: ModuleType) -> None:
    def builder(name: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", WHILE_ANOTHER_BUILDS, str(ASSETS / "build.py"), str(script.HERE), name]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, text=True, **pipes)

    with builder("first ") as first:
        assert first.stdout.readline() == "begun\n"
        with builder("second ") as second:
            assert second.stderr.readline() == "Front end: waiting for another build …\n"
            first.communicate("\n", timeout=30)
            second.communicate("\n", timeout=30)
    assert (script.HERE / "order").read_text() == "first second "


@pytest.mark.parametrize("gone", ["manifest.json", "style-1.css"])
def test_a_build_with_a_file_missing_is_not_current(script: ModuleType, gone: str) -> None:
    finish(script, "first", "style-1.css")
    assert script.is_current()
    (script.OUT / gone).unlink()
    assert not script.is_current()


def test_the_second_build_does_nothing(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "is_current", lambda: True)
    script.build()
    assert "up to date" in capsys.readouterr().err


def test_a_tool_that_fails_stops_the_build_with_its_words(script: ModuleType) -> None:
    with pytest.raises(SystemExit, match="vite failed"):
        script.node("vite", "build")


def test_packages_are_pinned_and_the_lock_names_no_host() -> None:
    package = json.loads((ASSETS / "package.json").read_text())
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())
    lock = json.loads((ASSETS / "package-lock.json").read_text())
    entries = [entry for path, entry in lock["packages"].items() if path]
    assert all("resolved" not in entry and entry["integrity"].startswith("sha512-") for entry in entries)


def test_a_process_keeps_the_names_it_began_with(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(number: int) -> None:
        manifest = {"styles/app.scss": {"file": f"style-{number}.css"}}
        (tmp_path / "manifest.json").write_text(json.dumps(manifest))
        os.utime(tmp_path / "manifest.json", (number, number))

    monkeypatch.setattr(ui, "BUILT", tmp_path)
    monkeypatch.setattr(ui, "_at_first", functools.cache(ui._built_at))
    build(1)
    assert ui.asset("app.css") == "/static/ui/style-1.css"
    build(2)
    assert ui.asset("app.css") == "/static/ui/style-1.css"
    settings.DEBUG = True
    assert ui.asset("app.css") == "/static/ui/style-2.css"
