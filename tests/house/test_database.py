"""The tuning without which people lose work, asserted on a live connection of the product's own settings."""

import pytest
from django.db import connection

from commonhall.config import environment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_sqlite():
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")


def asked(pragma):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        return cursor.fetchone()[0]


def test_a_commit_survives_the_loss_of_power():
    assert asked("synchronous") == 2
    assert asked("journal_mode") == "wal"


def test_writers_wait_their_turn_instead_of_failing():
    assert connection.transaction_mode == "IMMEDIATE"
    assert connection.settings_dict["OPTIONS"]["timeout"] == 20


def test_references_are_enforced():
    assert asked("foreign_keys") == 1


def test_the_tests_run_on_the_products_own_settings(tmp_path):
    assert connection.settings_dict["OPTIONS"] == environment.sqlite(tmp_path)["OPTIONS"]
