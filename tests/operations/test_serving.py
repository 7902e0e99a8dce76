import os
import signal
from pathlib import Path

import pytest

from tests.operations.living import Installation, until

pytestmark = pytest.mark.slow
LEASES = "from commonhall.jobs.models import Lease; print(Lease.objects.count())"


def test_up_serves_everything_and_stops_cleanly(installation):
    site = installation(bare=True)
    child = site.up()
    until(lambda: site.readiness()["status"] == "ready", "not ready")
    checks = site.readiness()["checks"]
    assert {"database", "disk", "worker", "clock", "queue", "skew", "backup"} <= set(checks)
    assert checks["worker"]["lease_age_seconds"] < 30

    site.python_says("from tests.jobs import samples; samples.leave_mark.enqueue(9)")
    done = "from commonhall.jobs.models import Probe; print(Probe.objects.filter(pk=9).count())"
    until(lambda: site.python_says(done) == "1", "the job was not done")

    code, said = site.end(child, signal.SIGINT)
    assert code == 0
    assert f"http://localhost:{site.port}" in said
    assert "Traceback" not in said
    assert site.python_says(LEASES) == "0"


def test_a_second_start_takes_less_than_five_seconds(installation):
    """Of the processor's time, so that a machine that is busy with something else does not matter."""
    site = installation()
    site.end(site.up())
    child = site.up()
    assert seconds_of_work(child.pid) < 5
    assert site.end(child, signal.SIGTERM)[0] == 0


def seconds_of_work(pid):
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def test_a_busy_port_is_refused_in_words(installation):
    site = installation()
    site.up()
    refused = site.run("up", "--port", str(site.port))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert f"port {site.port}" in refused.stderr
    assert "--port" in refused.stderr


def test_after_a_kill_it_starts_again_and_has_everything(installation):
    site = installation()
    child = site.up()
    site.python_says("from tests.jobs import samples; samples.leave_mark.enqueue(9)")
    child.kill()
    child.wait(10)
    site.up()
    done = "from commonhall.jobs.models import Probe; print(Probe.objects.filter(pk=9).count())"
    until(lambda: site.python_says(done) == "1", "the job was lost")


def test_the_first_page_leads_to_the_making_of_the_first_administrator(installation):
    site = installation()
    site.up()
    status, page = site.get("/")
    assert status == 200
    assert "administrator" in page.lower()


def test_readiness_says_that_no_worker_runs(installation):
    site: Installation = installation()
    site.up()
    site.python_says(
        "from commonhall.jobs.models import Lease; from commonhall.jobs import actions, queries\n"
        "from commonhall.operations import readiness; Lease.objects.all().delete()\n"
        "state = readiness.state(); print(state['status'], state['checks']['worker']['words'])"
    ).startswith("attention No worker")
