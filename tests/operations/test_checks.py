from collections import defaultdict
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult as Job

from commonhall.jobs import actions
from commonhall.meetings.models import Meeting
from commonhall.mentorships.models import Mentorship, Signature
from commonhall.operations import checks
from commonhall.people.models import Profile
from commonhall.programmes.models import Enrolment
from tests.factories.mentorships import AgreementFactory, MentorshipFactory
from tests.factories.people import ProfileFactory
from tests.jobs import samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def faults():
    """The sentences of each room that has any."""
    found = defaultdict(list)
    for name, question in checks.questions():
        if sentences := list(question()):
            found[name.split(":")[0]] += sentences
    return dict(found)


@pytest.fixture
def pair():
    return MentorshipFactory()


def test_a_sound_installation_has_no_faults(pair):
    assert faults() == {}


def test_a_place_that_nobody_holds_is_found(pair):
    Enrolment.objects.filter(role="mentor").update(capacity=9, taken=5)
    assert "5 of 9 places in use" in faults()["mentorships"][0]


def test_a_mentorship_of_one_is_found(pair):
    pair.participants.filter(role="mentee").delete()
    assert any("1 mentors and 0 mentees" in sentence for sentence in faults()["mentorships"])


def test_a_state_that_nobody_knows_is_found(pair):
    Mentorship.objects.update(state="dancing")
    assert any("dancing" in sentence for sentence in faults()["mentorships"])


def test_two_agreed_meetings_at_once_are_found(pair):
    now = timezone.now()
    for minutes in (0, 30):
        Meeting.objects.create(
            mentorship=pair,
            state="agreed",
            title="Talk",
            starts_at=now + timedelta(minutes=minutes),
            ends_at=now + timedelta(minutes=minutes + 60),
        )
    assert any("overlap" in sentence for sentence in faults()["meetings"])


def test_meetings_that_touch_do_not_overlap(pair):
    now = timezone.now()
    for hours in (0, 1):
        Meeting.objects.create(
            mentorship=pair,
            state="agreed",
            title="Talk",
            starts_at=now + timedelta(hours=hours),
            ends_at=now + timedelta(hours=hours + 1),
        )
    assert "meetings" not in faults()


def test_a_missing_and_an_orphaned_file_are_found():
    profile = ProfileFactory()
    profile.photo.save("face.png", ContentFile(b"x"))
    assert "files" not in faults()
    default_storage.delete(profile.photo.name)
    default_storage.save("photos/left-over.png", ContentFile(b"x"))
    sentences = faults()["files"]
    assert any("is missing" in sentence and profile.photo.name in sentence for sentence in sentences)
    assert any("left-over" in sentence and "belongs to nothing" in sentence for sentence in sentences)


def test_jobs_put_aside_lost_and_endless_are_found():
    for _ in range(3):
        samples.leave_mark.enqueue(1)
    aside, lost, endless = Job.objects.all()
    Job.objects.filter(pk=aside.pk).update(status=Status.FAILED, traceback="OSError: the mail server said no")
    actions.renew({"alive": "worker"})
    long_ago = timezone.now() - timedelta(hours=2)
    Job.objects.filter(pk=lost.pk).update(status=Status.RUNNING, started_at=timezone.now(), worker_ids=["dead"])
    Job.objects.filter(pk=endless.pk).update(status=Status.RUNNING, started_at=long_ago, worker_ids=["alive"])
    sentences = faults()["jobs"]
    assert len(sentences) == 3
    assert any("the mail server said no" in sentence for sentence in sentences)


def test_a_signature_of_somebody_else_is_found(pair):
    other = MentorshipFactory()
    agreement = AgreementFactory(mentorship=pair)
    Signature.objects.create(agreement=agreement, participant=other.participants.first())
    assert any("not part of its mentorship" in sentence for sentence in faults()["mentorships"])


def test_a_meeting_to_come_of_a_mentorship_that_ended_is_found(pair):
    starts = timezone.now() + timedelta(days=1)
    Meeting.objects.create(
        mentorship=pair, state="agreed", title="Talk", starts_at=starts, ends_at=starts + timedelta(hours=1)
    )
    assert "meetings" not in faults()
    Mentorship.objects.update(state="ended", ended_at=timezone.now() - timedelta(hours=2))
    assert any("has ended" in sentence for sentence in faults()["meetings"])


def test_a_meeting_in_a_state_that_nobody_knows_is_found(pair):
    Meeting.objects.create(mentorship=pair, state="dancing", title="Talk")
    assert any("unknown state “dancing”" in sentence for sentence in faults()["meetings"])


def test_what_should_have_been_forgotten_is_found():
    now = timezone.now()
    Session.objects.create(session_key="late", expire_date=now - timedelta(days=1))
    samples.leave_mark.enqueue(1)
    Job.objects.update(status=Status.SUCCESSFUL, finished_at=now - timedelta(days=7))
    assert faults() == {}
    Session.objects.update(expire_date=now - timedelta(days=3))
    Job.objects.update(finished_at=now - timedelta(days=9))
    assert faults() == {
        "sessions": ["1 sessions that ran out more than two days ago are still kept: does the clock run?"],
        "jobs": ["1 jobs that went well more than a week ago are still kept: does the clock run?"],
    }


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL lets no such row in")
@pytest.mark.django_db(transaction=True)
def test_a_row_that_points_at_nothing_is_found():
    profile = ProfileFactory()
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_user WHERE id = %s", [profile.user_id])
    try:
        assert any("people_profile points at a row of accounts_user" in sentence for sentence in faults()["database"])
    finally:
        profile.delete()


def test_check_fails_with_a_sentence_and_prints_each_fault(pair, capsys):
    Profile.objects.all().delete()
    checks.check(None)
    assert "well" in capsys.readouterr().out
    Mentorship.objects.update(state="dancing")
    with pytest.raises(checks.Broken, match="not as they must be"):
        checks.check(None)
    assert "dancing" in capsys.readouterr().out
