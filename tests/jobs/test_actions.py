from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult as Job

from commonhall.jobs import actions, queries, schedule, tasks
from commonhall.jobs.models import Lease, Probe, Tick
from tests.jobs import samples

HOURLY = {"jobs.tasks.tidy": timedelta(hours=1)}


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span), tick=False)


def test_a_job_is_queued_by_name_and_done(run_jobs):
    actions.enqueue("jobs.tasks.tidy")
    assert run_jobs() == ["jobs.tasks.tidy"]
    assert Job.objects.get().status == Status.SUCCESSFUL


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_transaction_that_failed_was_never_queued():
    with transaction.atomic():
        samples.leave_mark.enqueue(1)
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_a_job_for_later_waits(run_jobs):
    actions.enqueue("jobs.tasks.tidy", after=timezone.now() + timedelta(hours=1))
    assert run_jobs() == []
    with later(hours=2):
        assert run_jobs() == ["jobs.tasks.tidy"]


def test_a_failed_job_is_tried_again_later_and_in_the_end_put_aside(run_jobs):
    samples.always_fails.enqueue()
    pauses = []
    for hours in range(3):
        with later(hours=hours):
            assert len(run_jobs(forgiving=True)) == 1
            job = Job.objects.get()
            pauses.append((job.run_after - timezone.now()).total_seconds())
    assert pauses[:2] == [10, 30]
    assert job.status == Status.FAILED
    assert "the mail server said no" in job.traceback
    assert list(queries.put_aside()) == [job]


def test_what_a_failed_job_wrote_is_undone(run_jobs):
    samples.fails_in_the_database.enqueue()
    assert len(run_jobs(forgiving=True)) == 1
    assert not Probe.objects.exists()


def test_a_job_whose_code_is_gone_is_put_aside(run_jobs):
    samples.leave_mark.enqueue(1)
    Job.objects.update(task_path="tests.jobs.samples.forgotten")
    run_jobs(forgiving=True)
    assert Job.objects.get().status == Status.FAILED


def test_a_worker_takes_only_the_queues_it_was_given(db):
    samples.slow_one.enqueue()
    assert actions.claim("a", ["default"]) is None
    assert actions.claim("a", ["slow"]) is not None


def test_the_outcome_of_a_worker_that_was_given_up_is_not_noted(db):
    samples.leave_mark.enqueue(1)
    first = actions.claim("sleepy")
    with later(minutes=2):
        assert actions.rescue() == 1
    with later(minutes=5):
        second = actions.claim("awake")
        actions.note(first, status=Status.SUCCESSFUL)
        assert Job.objects.get().status == Status.RUNNING
        actions.note(second, status=Status.SUCCESSFUL)
    assert Job.objects.get().status == Status.SUCCESSFUL


def test_a_job_of_a_worker_that_is_alive_is_left_alone(db):
    samples.leave_mark.enqueue(1)
    actions.claim("awake")
    with later(minutes=2):
        actions.renew({"awake": Lease.Part.WORKER})
        assert actions.rescue() == 0
        assert Job.objects.get().status == Status.RUNNING


def test_a_job_that_keeps_killing_its_worker_is_put_aside(db):
    samples.always_fails.enqueue()
    for hours in range(3):
        with later(hours=hours):
            assert actions.claim(f"victim {hours}")
            assert actions.rescue() == 1
    assert Job.objects.get().status == Status.FAILED
    assert "WorkerLost" in Job.objects.get().exception_class_path


def test_a_periodic_task_starts_at_once_and_then_at_its_interval(db):
    assert actions.tick(HOURLY) == ["jobs.tasks.tidy"]
    with later(minutes=30):
        assert actions.tick(HOURLY) == []
    with later(minutes=90):
        assert actions.tick(HOURLY) == ["jobs.tasks.tidy"]
    assert Job.objects.count() == 2


def test_moments_missed_while_nothing_ran_are_made_up_once(db):
    actions.tick(HOURLY)
    with later(days=3):
        assert actions.tick(HOURLY) == ["jobs.tasks.tidy"]
        assert actions.tick(HOURLY) == []
        assert Tick.objects.get().next_run > timezone.now()


def test_after_the_clock_was_set_back_a_task_does_not_wait_for_the_old_time(db):
    with later(days=30):
        actions.tick(HOURLY)
    actions.tick(HOURLY)
    assert Tick.objects.get().next_run <= timezone.now() + timedelta(hours=1)


def test_a_task_that_left_the_table_is_not_started(db):
    actions.tick(HOURLY)
    with later(days=1):
        assert actions.tick({}) == []


@pytest.mark.parametrize(("days", "left"), [(6, {"SUCCESSFUL", "FAILED"}), (8, {"FAILED"}), (31, set())])
def test_old_successes_are_forgotten_after_a_week_and_failures_after_a_month(run_jobs, days, left):
    samples.leave_mark.enqueue(1)
    samples.always_fails.enqueue()
    run_jobs(forgiving=True)
    Job.objects.filter(status=Status.READY).update(status=Status.FAILED, finished_at=timezone.now())
    with later(days=days):
        tasks.tidy.func()
    assert set(Job.objects.values_list("status", flat=True)) == left


def test_two_workers_never_take_the_same_job(together):
    for number in range(1, 13):
        samples.leave_mark.enqueue(number)

    def all_there_are(holder):
        return lambda: [job.pk for job in iter(lambda: actions.claim(holder), None)]

    first, second = together(all_there_are("first"), all_there_are("second"))
    assert len(first) + len(second) == 12
    assert not set(first) & set(second)


def test_two_clocks_start_each_moment_once(together):
    actions.tick(HOURLY)
    Job.objects.all().delete()
    for _ in range(5):
        Tick.objects.update(next_run=timezone.now() - timedelta(seconds=1))
        together(*[lambda: actions.tick(HOURLY)] * 3)
    assert Job.objects.count() == 5


def test_two_clocks_that_start_at_once_know_each_task_once(together):
    together(*[lambda: actions.tick(schedule.every | HOURLY)] * 3)
    assert Tick.objects.filter(task="jobs.tasks.tidy").count() == 1


def test_the_probe_writes_its_one_row(db):
    actions.probe()
    actions.probe()
    assert Probe.objects.get().pk == 1
