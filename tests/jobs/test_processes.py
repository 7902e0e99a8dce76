"""Workers and clocks as real processes, killed in the middle of their work."""

import json
import signal

import pytest

from tests.operations.conftest import installation, pattern  # noqa: F401
from tests.operations.living import MIGRATE, until

JOBS = "from django_tasks_db.models import DBTaskResult as Job\n"
pytestmark = pytest.mark.slow


@pytest.fixture
def site(installation):  # noqa: F811
    return installation()


def jobs(site):
    code = "import json; print(json.dumps([[j.task_path.split('.')[-1], j.status] for j in Job.objects.all()]))"
    return [tuple(job) for job in json.loads(site.python_says(JOBS + code))]


def test_the_job_of_a_killed_worker_is_done_once_by_another(site):
    mark = site.data / "mark"
    site.python_says(f"from tests.jobs import samples; samples.dies_once.enqueue(41, {str(mark)!r})")
    assert site.start("worker", "--threads", "1").wait(30) == -signal.SIGKILL
    assert jobs(site) == [("dies_once", "RUNNING")]

    site.python_says(
        "from commonhall.jobs.models import Lease; from django.utils import timezone; from datetime import timedelta\n"
        "Lease.objects.update(renewed_at=timezone.now() - timedelta(minutes=1))\n"
        "from commonhall.jobs import actions, queries; actions.rescue()\n"
        + JOBS
        + "Job.objects.update(run_after='2000-01-01T00:00Z')"
    )
    worker = site.start("worker", "--threads", "2")
    until(lambda: jobs(site) == [("dies_once", "SUCCESSFUL")], "nobody did the job again")
    assert site.end(worker)[0] == 0
    assert mark.read_text() == "began\nbegan\n"
    assert (
        site.python_says("from commonhall.jobs.models import Probe; print(Probe.objects.filter(pk=41).count())") == "1"
    )


def test_the_clock_gives_the_jobs_of_a_killed_worker_to_another(site):
    site.python_says(
        "from tests.jobs import samples; samples.leave_mark.enqueue(5)\n"
        "from commonhall.jobs import actions; actions.claim('somebody who was killed')"
    )
    clock = site.start("clock")
    until(lambda: ("leave_mark", "READY") in jobs(site), "the clock did not rescue the job")
    assert site.end(clock, signal.SIGINT)[0] == 0


def test_two_clocks_start_each_moment_once(site):
    clocks = [site.start("clock"), site.start("clock")]
    for round_number in range(1, 4):
        until(lambda number=round_number: jobs(site).count(("tidy", "READY")) >= number, "no clock ticks")
        site.python_says(
            "from commonhall.jobs.models import Tick; from django.utils import timezone\n"
            "Tick.objects.filter(task='jobs.tasks.tidy').update(next_run=timezone.now())"
        )
    until(lambda: jobs(site).count(("tidy", "READY")) >= 4, "no clock ticks")
    assert [site.end(clock)[0] for clock in clocks] == [0, 0]
    assert jobs(site).count(("tidy", "READY")) == 4


def test_a_worker_waits_for_the_tables(installation):  # noqa: F811
    site = installation(bare=True)
    worker = site.start("worker")
    assert "Waiting" in worker.stdout.readline()
    site.python_says(MIGRATE)
    assert "Doing background jobs" in worker.stdout.readline()
    assert site.end(worker)[0] == 0
