"""The script that builds the front end."""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

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


def finish(script: ModuleType, words: str) -> None:
    script.NEW.mkdir(parents=True)
    (script.NEW / "manifest.json").write_text(words)
    (script.NEW / "built-from").write_text(script.fingerprint(script.HERE))
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


def test_a_finished_build_takes_the_place_of_the_old_one_whole(script: ModuleType) -> None:
    finish(script, "first")
    (script.OUT / "old.css").write_text("old")
    finish(script, "second")
    assert sorted(file.name for file in script.OUT.iterdir()) == ["built-from", "manifest.json"]
    assert (script.OUT / "manifest.json").read_text() == "second"
    assert [folder.name for folder in script.OUT.parent.iterdir()] == ["ui"]


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
