from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from commonhall.jobs.actions import enqueue


def test_sessions_that_ran_out_are_forgotten_and_others_kept(run_jobs):
    for key, hours in (("over", -1), ("running", 1)):
        Session.objects.create(session_key=key, expire_date=timezone.now() + timedelta(hours=hours))
    enqueue("operations.tasks.forget_ended_sessions")
    run_jobs()
    assert [row.session_key for row in Session.objects.all()] == ["running"]
