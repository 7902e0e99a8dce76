"""What goes wrong outside of Commonhall is said in one sentence, and nothing is left half done."""

import os
import shlex
import signal
import subprocess

import pytest

from tests.operations.living import free_port, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.environ.get("TEST_ENGINE") == "postgresql", reason="is about files: runs once"),
]


def sentence(done):
    assert done.returncode == 1, done.stdout
    assert done.stderr.startswith("commonhall: ")
    assert done.stderr.count("\n") == 1, done.stderr
    assert "unforeseen" not in done.stderr
    return done.stderr


def limited(site, blocks, *verb):
    """Run a verb that can write no file longer than so many blocks of 1,024 bytes, as on a disk that fills up."""
    command = shlex.join([site.python, "-m", "commonhall", *verb])
    return subprocess.run(
        ["bash", "-c", f"ulimit -f {blocks}; exec {command}"],
        env=site.env,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=site.data,
    )


def left(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    "verb",
    [
        ("check",),
        ("dump",),
        ("doctor",),
        ("backup", "out.tar.gz"),
        ("import-organisations", "councils.csv"),
        ("import-people", "people.csv", "--programme", "x", "--as", "mentor"),
    ],
    ids=lambda verb: verb[0],
)
def test_a_directory_without_an_installation_is_refused_and_stays_as_it_is(installation, verb):
    site = installation(bare=True)
    assert "`commonhall up` makes one" in sentence(site.run(*verb))
    assert left(site.data) == []


@pytest.mark.parametrize(
    "verb", [("check",), ("dump",), ("backup", "out.tar.gz"), ("up", "--port", "0"), ("worker",), ("clock",), ("demo",)]
)
def test_a_damaged_database_is_refused_with_the_way_out(installation, verb):
    site = installation(bare=True)
    (site.data / "commonhall.sqlite3").write_bytes(b"no database" * 1000)
    assert "`commonhall restore BACKUP --force`" in sentence(site.run(*verb))
    assert not (site.data / "out.tar.gz").exists()


def test_the_doctor_names_a_damaged_database_and_goes_on(installation):
    site = installation(bare=True)
    (site.data / "commonhall.sqlite3").write_bytes(b"no database" * 1000)
    said = site.run("doctor")
    assert " ! Database: the database in" in said.stdout
    assert "Mail: " in said.stdout
    assert said.returncode == 1


def test_no_backup_is_made_of_a_database_that_is_damaged_inside(installation, tmp_path):
    site = installation()
    place = site.data / "commonhall.sqlite3"
    content = bytearray(place.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 100_000] = b"\xff" * 100_000
    place.write_bytes(content)
    assert "damaged" in sentence(site.run("backup", str(tmp_path / "out.tar.gz")))
    assert not list(tmp_path.glob("*.tar.gz*"))
    checked = site.run("check")
    assert checked.returncode == 1
    assert "damaged" in checked.stdout + checked.stderr


@pytest.mark.parametrize("verb", [("check",), ("dump",), ("import-organisations", "councils.csv")])
def test_tables_of_an_older_release_are_refused_with_the_way_out(installation, verb):
    site = installation()
    site.python_says(
        "from django.db.migrations.recorder import MigrationRecorder\n"
        "MigrationRecorder.Migration.objects.filter(app='meetings').delete()"
    )
    assert "`commonhall up` brings them up to date" in sentence(site.run(*verb))


@pytest.mark.parametrize("verb", [("check",), ("up", "--port", "0"), ("worker",), ("backup", "x"), ("restore", "x")])
def test_a_database_server_that_does_not_answer_is_one_sentence_at_once(installation, verb):
    site = installation(bare=True)
    done = site.run(*verb, DATABASE_URL=f"postgres://me:hush@127.0.0.1:{free_port()}/hall")
    assert "does not answer" in sentence(done)
    assert "hush" not in done.stderr


@pytest.mark.parametrize("url", ["nonsense", "mysql://me@db.example/hall", "sqlite:///hall"])
def test_only_postgresql_has_an_address(installation, url):
    said = sentence(installation(bare=True).run("up", "--port", "0", DATABASE_URL=url))
    assert "postgres://user:password@host:5432/name" in said


def test_a_key_that_is_empty_or_no_file_is_named(installation):
    site = installation()
    (site.data / "secret_key").write_text("")
    assert f"{site.data / 'secret_key'} is empty" in sentence(site.run("up", "--port", "0"))
    (site.data / "secret_key").unlink()
    (site.data / "secret_key").mkdir()
    assert f"{site.data / 'secret_key'}: is a directory" in sentence(site.run("up", "--port", "0"))


def test_a_data_directory_that_is_a_file_is_named(installation):
    site = installation(bare=True)
    (site.data / "file").write_text("")
    assert "is no directory" in sentence(site.run("up", "--port", "0", "--data", str(site.data / "file")))


def test_a_database_file_that_cannot_be_opened_is_named(installation):
    site = installation(bare=True)
    (site.data / "commonhall.sqlite3").mkdir()
    assert "may this user write there?" in sentence(site.run("up", "--port", "0"))


@pytest.mark.parametrize("port", ["many", "-1", "65536"])
def test_a_port_that_is_none_is_named(installation, port):
    assert f"there is no port {port}" in sentence(installation(bare=True).run("up", PORT=port))


def test_a_backup_that_does_not_fit_leaves_nothing(installation, tmp_path):
    site = installation()
    sentence(limited(site, 64, "backup", str(tmp_path / "out.tar.gz")))
    assert not [name for name in left(tmp_path) if "out" in name or "backup" in name]


def test_an_archive_that_does_not_fit_is_not_called_damaged(installation, tmp_path):
    site, other = installation(), installation(bare=True)
    assert site.run("backup", str(tmp_path / "out.tar.gz")).returncode == 0
    said = sentence(limited(other, 64, "restore", str(tmp_path / "out.tar.gz")))
    assert "no room left" in said
    assert left(other.data) == ["secret_key"]


@pytest.mark.parametrize("accounts", ["/nowhere/accounts.json", "."])
def test_a_demo_whose_accounts_cannot_be_written_is_not_loaded(installation, accounts):
    site = installation()
    sentence(site.run("demo", "--people", "20", "--accounts", accounts))
    assert site.python_says("from commonhall.accounts.models import User; print(User.objects.count())") == "0"


def test_a_job_in_the_middle_of_which_up_is_killed_is_done_after_the_next_start(installation):
    site = installation()
    mark = site.data / "mark"
    child = site.up()
    site.python_says(f"from tests.jobs import samples; samples.dies_once.enqueue(41, {str(mark)!r})")
    assert child.wait(30) == -signal.SIGKILL
    site.python_says(
        "from commonhall.jobs.models import Lease; from django.utils import timezone; from datetime import timedelta\n"
        "Lease.objects.update(renewed_at=timezone.now() - timedelta(minutes=1))\n"
        "from commonhall.jobs import actions; actions.rescue()\n"
        "from django_tasks_db.models import DBTaskResult as Job; Job.objects.update(run_after='2000-01-01T00:00Z')"
    )
    site.up()
    done = "from commonhall.jobs.models import Probe; print(Probe.objects.filter(pk=41).count())"
    until(lambda: site.python_says(done) == "1", "the job was lost")
    assert mark.read_text() == "began\nbegan\n"
