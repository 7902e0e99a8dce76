import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.operations.living import ROOT, Installation, free_port, until

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


@pytest.mark.skipif(os.environ.get("TEST_ENGINE") == "postgresql", reason="`make demo` uses SQLite")
def test_a_second_make_demo_takes_less_than_five_seconds(installation):
    """Of the processor's time, so that a machine that is busy with something else does not matter."""
    site = installation()
    (site.data / "accounts.json").write_text("[]")
    command = ["make", "--directory", str(ROOT), "demo", f"DEMO={site.data}", f"PORT={site.port}"]
    site.env.pop("COMMONHALL_DATA")
    subprocess.run([*command[:3], "assets"], env=site.env, check=True)
    child = subprocess.Popen(command, env=site.env, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        until(lambda: child.poll() is not None or site.get("/readyz")[0] == 200, "not ready")
        assert seconds_of_work(child.pid) < 5
    finally:
        os.killpg(child.pid, signal.SIGINT)
        said, _nothing = child.communicate(timeout=40)
    assert f"http://localhost:{site.port}" in said


def seconds_of_work(leader):
    """Of all processes of a group, those that have ended among them."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            facts = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(facts[2]) == leader:
            ticks += sum(int(number) for number in facts[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def test_without_redis_a_second_process_that_serves_is_refused_in_words(installation):
    site = installation()
    site.up()
    refused = site.run("up", "--port", str(free_port()))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "being served from this database already" in refused.stderr
    assert "REDIS_URL" in refused.stderr


@pytest.mark.skipif(os.environ.get("TEST_ENGINE") != "postgresql", reason="several directories share PostgreSQL alone")
def test_nor_from_another_directory_on_the_same_database(installation, tmp_path):
    site = installation()
    site.up()
    other = Installation(tmp_path / "other", site.env["DATABASE_URL"])
    other.data.mkdir()
    assert "being served from this database already" in other.run("up", "--port", str(other.port)).stderr


def test_after_a_kill_it_starts_again_at_once(installation):
    site = installation()
    child = site.up()
    child.kill()
    child.wait(10)
    site.up()
    assert site.get("/healthz")[0] == 200


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
