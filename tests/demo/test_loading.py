"""Loading the demo region."""

import json
from argparse import Namespace
from pathlib import Path

import pytest
from django.db import connection, transaction

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.errors import Conflict
from commonhall.demo.actions.loading import load
from commonhall.demo.actions.people import account_of
from commonhall.demo.cast import CAST
from commonhall.demo.models import Mark
from commonhall.demo.telling import demo
from commonhall.operations import checks
from commonhall.operations.dump import lines
from commonhall.programmes.models import Programme

pytestmark = pytest.mark.django_db


def test_the_same_seed_tells_the_same_story() -> None:
    first = [account_of(persona, 7) for persona in CAST]
    assert first == [account_of(persona, 7) for persona in CAST]
    assert first != [account_of(persona, 8) for persona in CAST]


def test_a_database_that_is_not_empty_is_refused_and_left_alone(db: None) -> None:
    User.objects.create_user("somebody@council.example", name="Somebody")
    with pytest.raises(Conflict, match="not empty"):
        load()
    assert User.objects.count() == 1
    assert not Mark.objects.exists()


def test_a_larger_region_has_more_people_with_addresses_of_their_own(db: None) -> None:
    load(number=330)
    assert Programme.objects.get(slug="across-the-water").enrolments.values("user").distinct().count() == 330


def test_the_command_writes_the_accounts(db: None, tmp_path: Path) -> None:
    target = tmp_path / "accounts.json"
    assert demo(Namespace(people=40, seed=3, accounts=str(target))) == 0
    accounts = json.loads(target.read_text())
    assert [set(account) for account in accounts] == [{"role", "tenant", "user", "password", "totp", "canary"}] * len(
        CAST
    )
    assert len({account["tenant"] for account in accounts}) >= 2
    first = accounts[0]
    assert User.objects.get(email=first["user"]).check_password(first["password"])


OURS_ALONE = {
    ("mfa.authenticator", "data"): "encrypted with the installation's own key",
    ("matching.run", "result"): "holds how long the solver took",
}


def told(number: int, seed: int) -> list[str]:
    """All rows of a region, but for what `load` says is not the same, and queued jobs."""
    point = transaction.savepoint()
    load(number=number, seed=seed)
    rows = [json.loads(line) for line in lines()]
    transaction.savepoint_rollback(point)
    kept = [row for row in rows if not row["table"].startswith("django_tasks")]
    return sorted(json.dumps({key: row[key] for key in row if (row["table"], key) not in OURS_ALONE}) for row in kept)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL goes on counting after a rollback")
def test_the_same_seed_gives_the_same_rows(db: None) -> None:
    with clock.moved_to(clock.now().replace(minute=30)):
        first = told(40, 7)
        assert first == told(40, 7)
        assert first != told(40, 8)


@pytest.mark.parametrize("number", [1, 2])
def test_a_tiny_region_has_the_whole_cast_and_no_fault(db: None, number: int) -> None:
    accounts = load(number=number)
    assert User.objects.filter(email__in=[account.user for account in accounts]).count() == len(CAST)
    assert {account.role for account in accounts} >= {"site administrator", "coordinator", "outsider", "former mentor"}
    assert not [sentence for _name, question in checks.questions() for sentence in question()]
