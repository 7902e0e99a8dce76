import os
import shutil
import uuid

import psycopg
import pytest

from tests import postgres
from tests.operations.living import MIGRATE, Installation

ON_POSTGRESQL = os.environ.get("TEST_ENGINE") == "postgresql"


def statement(words):
    with psycopg.connect(postgres.address(), autocommit=True) as connection:
        connection.execute(words)


@pytest.fixture(scope="session")
def pattern(tmp_path_factory):
    """An installation with all tables and no row, of which the others are copies."""
    name = f"pattern_{uuid.uuid4().hex[:12]}"
    if ON_POSTGRESQL:
        statement(f"CREATE DATABASE {name}")
    first = Installation(tmp_path_factory.mktemp("pattern"), postgres.database(name) if ON_POSTGRESQL else "")
    first.python_says(MIGRATE)
    yield name if ON_POSTGRESQL else first.data / "commonhall.sqlite3"
    if ON_POSTGRESQL:
        statement(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def installation(tmp_path, pattern, monkeypatch):
    """`installation()` makes one with tables and no row; `installation(bare=True)` one with nothing at all."""
    monkeypatch.setenv("PATH", f"{postgres.programs()}:{os.environ['PATH']}")
    made, names = [], []

    def make(*, bare=False, **options):
        data = tmp_path / f"data-{len(made)}"
        data.mkdir()
        made.append(Installation(data, _database(data, bare), **options))
        return made[-1]

    def _database(data, bare):
        if ON_POSTGRESQL:
            names.append(f"living_{uuid.uuid4().hex[:12]}")
            statement(f"CREATE DATABASE {names[-1]} TEMPLATE {'template1' if bare else pattern}")
            return postgres.database(names[-1])
        if not bare:
            shutil.copy(pattern, data)
        return ""

    yield make
    for one in made:
        one.close()
    for name in names:
        statement(f"DROP DATABASE {name} WITH (FORCE)")
