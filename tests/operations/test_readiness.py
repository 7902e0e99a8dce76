from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult as Job

from commonhall.jobs import actions
from commonhall.jobs.models import Lease
from commonhall.operations import readiness, records
from tests.jobs import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def running():
    actions.renew({"w": "worker", "c": "clock"})


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span), tick=False)


def test_a_running_installation_is_ready(client, running):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ready"


@pytest.mark.parametrize("part", ["worker", "clock"])
def test_a_missing_part_wants_attention_and_pages_go_on(client, running, part):
    Lease.objects.filter(part=part).update(renewed_at=timezone.now() - timedelta(minutes=5))
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "attention"
    assert part in answer.json()["checks"][part]["words"]


def test_jobs_that_wait_long_want_attention(client, running):
    samples.leave_mark.enqueue(1)
    with later(minutes=10):
        actions.renew({"w": "worker", "c": "clock"})
        queue = client.get("/readyz").json()["checks"]["queue"]
    assert queue["oldest_seconds"] == pytest.approx(600, abs=5)
    assert "five minutes" in queue["words"]


def test_a_clock_that_was_set_back_is_noticed(client, running):
    Lease.objects.filter(part="clock").update(renewed_at=timezone.now() + timedelta(hours=1))
    skew = client.get("/readyz").json()["checks"]["skew"]
    assert skew["seconds"] == pytest.approx(3600, abs=5)
    assert not skew["ok"]


def test_a_full_disk_makes_it_unavailable(client, running, monkeypatch):
    monkeypatch.setattr(readiness, "LEAST_FREE", 2**60)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["disk"]["words"] == "The disk of the data directory is full."


def test_the_age_of_the_last_backup_is_told(client, running, settings, tmp_path):
    settings.DATA = tmp_path
    assert client.get("/readyz").json()["checks"]["backup"]["age_seconds"] is None
    with later(hours=-3):
        records.note_backup()
    assert client.get("/readyz").json()["checks"]["backup"]["age_seconds"] == pytest.approx(10_800, abs=5)


def test_a_backup_that_grew_old_wants_attention(client, running, settings, tmp_path):
    settings.DATA = tmp_path
    for days, status in ((7, "ready"), (9, "attention")):
        with later(days=-days):
            records.note_backup()
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["status"]) == (200, status)
    assert answer.json()["checks"]["backup"]["words"] == "The last backup is 9 days old."


def test_jobs_that_failed_every_time_want_attention(client, running):
    samples.leave_mark.enqueue(1)
    Job.objects.update(status=Status.FAILED)
    answer = client.get("/readyz").json()
    assert answer["status"] == "attention"
    assert answer["checks"]["queue"]["words"].startswith("1 background job failed")


def test_a_data_directory_that_is_gone_makes_it_unavailable(client, running, settings, tmp_path):
    settings.DATA = tmp_path / "gone"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["disk"]["words"] == "The data directory cannot be read: No such file or directory."


@pytest.mark.django_db(transaction=True)
def test_a_database_that_cannot_be_written_makes_it_unavailable(client):
    actions.renew({"w": "worker", "c": "clock"})
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE jobs_probe RENAME TO jobs_probe_away")
        answer = client.get("/readyz")
        cursor.execute("ALTER TABLE jobs_probe_away RENAME TO jobs_probe")
    assert answer.status_code == 503
    assert answer.json()["status"] == "unavailable"
    assert "cannot be written" in answer.json()["checks"]["database"]["words"]


def test_every_check_speaks_in_words(client, running):
    checks = client.get("/readyz").json()["checks"]
    assert set(checks) == {"database", "disk", "worker", "clock", "queue", "skew", "backup"}
    assert all(check["words"].endswith(".") for check in checks.values())


def test_healthz_answers_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_where_nobody_can_sign_in_yet_nobody_is_asked_to(client):
    assert "Sign in" not in client.get("/setup/").content.decode()
