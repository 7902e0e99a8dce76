import re

import pytest

from tests.house.tree import ROOT, named, tracked

HOSTS = re.compile(r"https?://[^\s\"']*(pypi|pythonhosted|npmjs|yarnpkg|artifactory|nexus|jfrog)", re.IGNORECASE)
TEXT = {".py", ".toml", ".lock", ".json", ".md", ".txt", ".html", ".mjs", ".js", ".npmrc", ".yml", ".yaml", ".cfg", ""}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_is_pinned_with_hashes_and_without_an_address(lock):
    text = (ROOT / lock).read_text()
    entries = [entry for entry in re.split(r"\n(?=[a-z0-9])", text) if not entry.startswith("#")]
    assert len(entries) > 30
    assert not [entry.split()[0] for entry in entries if "==" not in entry.split()[0] or "--hash=sha256:" not in entry]
    assert "://" not in text


def test_the_lock_of_the_front_end_has_hashes_and_no_address():
    text = (ROOT / "assets" / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert text.count('"integrity"') > 10


def test_no_file_names_the_host_of_a_registry():
    files = [path for path in tracked() if path.suffix in TEXT and path.name != "test_locks.py"]
    assert not [named(path) for path in files if HOSTS.search(path.read_text(errors="replace"))]


def test_the_development_lock_has_the_same_versions():
    def versions(lock):
        return dict(re.findall(r"^([a-z0-9-]+(?:\[[^]]*\])?)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))

    run, development = versions("requirements.lock"), versions("requirements-dev.lock")
    assert run.items() <= development.items()
