from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from commonhall.jobs import actions
from commonhall.jobs.models import Lease
from commonhall.operations import doctor, readiness, records
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


def test_healthz_answers_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_the_doctor_says_what_is_well(running, capsys, settings):
    settings.MAIL_BACKEND = doctor.CONSOLE_MAIL
    doctor.doctor(None)
    said = capsys.readouterr().out
    assert "Tables: up to date" in said
    assert "Worker: well" in said
    assert "MAIL_URL is not set" in said


def test_the_doctor_names_what_is_ill_and_fails(capsys, settings):
    settings.MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.BASE_URL = "http://mentoring.example.org"
    settings.SECURE = False
    with pytest.raises(doctor.Ill, match="want attention"):
        doctor.doctor(None)
    said = capsys.readouterr().out
    assert " ! No worker is running" in said
    assert " ! Mail: 127.0.0.1:1 does not answer" in said
    assert " ! BASE_URL begins with http://" in said
