import re

import pytest

from commonhall.config import environment
from tests.house.tree import PRODUCT, ROOT

READ = re.compile(r"\benv(?:\.\w+)?\(\s*\"([A-Z_]+)\"|\benv(?:\.\w+)?\('([A-Z_]+)'|environ\.get\(\"([A-Z_]+)\"")


def test_every_variable_that_is_read_is_documented_and_no_other():
    text = "".join((PRODUCT / "config" / name).read_text() for name in ("environment.py", "settings.py", "cli.py"))
    read = {"".join(names) for names in READ.findall(text)}
    page = (ROOT / "docs" / "reference" / "configuration.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE)) == read


def test_the_secret_key_is_made_once_and_kept_private(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    first = environment.secret_key(tmp_path / "new")
    assert len(first) >= 50
    assert environment.secret_key(tmp_path / "new") == first
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("url", "host", "name"),
    [
        ("postgres://me:secret@db.example:5433/hall", "db.example", "hall"),
        ("postgresql://me@/hall?host=/run/postgresql", "/run/postgresql", "hall"),
    ],
)
def test_postgresql_is_reached_by_address_or_socket_with_a_pool(url, host, name):
    settings = environment.postgresql(url)
    assert (settings["HOST"], settings["NAME"]) == (host, name)
    assert settings["OPTIONS"]["pool"]["max_size"] > 1
    assert "host" not in settings["OPTIONS"]
