"""Loading the demo region."""

import json
from argparse import Namespace
from pathlib import Path

import pytest

from commonhall.accounts.models import User
from commonhall.core.errors import Conflict
from commonhall.demo.actions.loading import load
from commonhall.demo.actions.people import account_of
from commonhall.demo.cast import CAST
from commonhall.demo.models import Mark
from commonhall.demo.telling import demo
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
