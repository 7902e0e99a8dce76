import gzip
import io
import json
import os
import tarfile

import pytest

from tests.operations.living import MIGRATE, Installation, until

pytestmark = pytest.mark.slow
PEOPLE = """
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.utils import timezone
from datetime import datetime, timezone as zones
from commonhall.people.models import Profile, WorkingHours
moment = datetime(2026, 3, 1, 9, 30, 0, 123456, tzinfo=zones.utc)
for number in range(1, 6):
    names = {"email": f"p{number}@hall.example", "name": f"Zoë {number}"}
    user = get_user_model().objects.create(password="!", joined_at=moment, **names)
    profile = Profile.objects.create(user=user, languages=["en", "cy"], updated_at=moment)
    WorkingHours.objects.create(profile=profile, weekday=1, starts=540, ends=1020)
profile.photo.save("face.png", ContentFile(b"not really a picture"))
"""
COUNT = "from django.contrib.auth import get_user_model; print(get_user_model().objects.count())"


@pytest.fixture
def site(installation):
    site = installation()
    site.python_says(PEOPLE)
    return site


def backed_up(site, folder):
    done = site.run("backup", str(folder / "saved.tar.gz"))
    assert done.returncode == 0, done.stderr
    return folder / "saved.tar.gz"


@pytest.fixture(scope="module")
def made_before():
    """The archive that the first test of this module made; the others start from a copy."""
    return {}


@pytest.fixture
def saved(made_before, tmp_path, request):
    if not made_before:
        made_before["content"] = backed_up(request.getfixturevalue("site"), tmp_path).read_bytes()
    (tmp_path / "saved.tar.gz").write_bytes(made_before["content"])
    return tmp_path / "saved.tar.gz"


def refusal(done):
    assert done.returncode == 1
    assert done.stderr.startswith("commonhall: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def rewrite(archive, change):
    """Change members in place: `change(name, content)` gives the new content."""
    with tarfile.open(archive) as old:
        members = [(member, old.extractfile(member).read()) for member in old]
    with tarfile.open(archive, "w:gz") as new:
        for member, content in members:
            content = change(member.name, content)
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))


def with_manifest(**changes):
    def change(name, content):
        return json.dumps(json.loads(content) | changes).encode() if name == "manifest.json" else content

    return change


def test_what_was_saved_comes_back_row_for_row_and_file_for_file(site, installation, tmp_path):
    other = installation(bare=True)
    done = other.run("restore", str(backed_up(site, tmp_path)))
    assert done.returncode == 0, done.stderr
    assert "before" not in done.stdout
    assert not list(other.data.glob("before-restore-*"))
    assert other.run("dump").stdout == site.run("dump").stdout
    assert [path.read_bytes() for path in (other.data / "files" / "photos").iterdir()] == [b"not really a picture"]
    assert (other.data / "secret_key").read_text() == (site.data / "secret_key").read_text()
    assert other.run("check").returncode == 0


def test_nothing_is_overwritten_unless_forced_and_then_the_old_is_kept(site, saved):
    site.python_says(
        "from django.contrib.auth import get_user_model; get_user_model().objects.create_user('late@x.example')"
    )
    assert "--force" in refusal(site.run("restore", str(saved)))
    assert site.python_says(COUNT) == "6"
    done = site.run("restore", str(saved), "--force")
    assert done.returncode == 0, done.stderr
    assert site.python_says(COUNT) == "5"
    kept = next(site.data.glob("before-restore-*"))
    assert (kept / "secret_key").exists()
    assert (kept / "commonhall.sqlite3").exists() != ("the tables that were here are gone" in done.stdout)


@pytest.mark.skipif(os.environ.get("TEST_ENGINE") == "postgresql", reason="is about SQLite's file")
def test_a_damaged_database_is_replaced_when_forced_and_kept(site, saved):
    place = site.data / "commonhall.sqlite3"
    place.write_bytes(b"not a database any more" * 1000)
    assert "is not a database" in refusal(site.run("restore", str(saved)))
    done = site.run("restore", str(saved), "--force")
    assert done.returncode == 0, done.stderr
    assert site.python_says(COUNT) == "5"
    assert next(site.data.glob("before-restore-*/commonhall.sqlite3")).read_bytes().startswith(b"not a database")


def test_a_running_installation_is_not_restored_over(site, saved):
    site.up()
    assert "stop it first" in refusal(site.run("restore", str(saved), "--force"))


def spoil_database(name, content):
    return content[:-1] + b"!" if name.startswith("database") else content


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]), "damaged"),
        (lambda file: file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes())[:20_480])), "damaged"),
        (lambda file: file.write_bytes(b"a holiday photograph"), "damaged or is no backup"),
        (lambda file: rewrite(file, spoil_database), "is not what was saved"),
        (lambda file: rewrite(file, with_manifest(format=2, version="9.0")), "newer Commonhall (9.0)"),
        (lambda file: rewrite(file, with_manifest(migrations=["people.9999_later"])), "newer Commonhall"),
        (lambda file: rewrite(file, with_manifest(engine="oracle")), "oracle"),
    ],
    ids=["cut in half", "cut inside", "no archive", "changed", "newer format", "newer tables", "other engine"],
)
def test_what_cannot_be_trusted_is_refused_and_nothing_is_left_behind(saved, installation, damage, words):
    damage(saved)
    other = installation(bare=True)
    assert words in refusal(other.run("restore", str(saved)))
    assert {path.name for path in other.data.iterdir()} <= {"secret_key"}


def test_an_archive_that_would_write_elsewhere_is_refused(saved, installation, tmp_path):
    evil = tmp_path / "evil.tar.gz"
    with tarfile.open(evil, "w:gz") as tar:
        member = tarfile.TarInfo("../outside")
        member.size = 1
        tar.addfile(member, io.BytesIO(b"x"))
    other = installation(bare=True)
    assert "strange member" in refusal(other.run("restore", str(evil)))
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize(
    ("out", "words"), [("saved.tar.gz", "exists"), ("nowhere/else.tar.gz", "there is no directory")]
)
def test_a_backup_never_overwrites_and_says_where_it_cannot_write(installation, saved, out, words):
    assert words in refusal(installation().run("backup", str(saved.parent / out)))


def test_a_backup_made_while_people_work_has_every_row_acknowledged_before(site, installation, tmp_path):
    ledger = tmp_path / "ledger"
    code = f"""
from django.contrib.auth import get_user_model
with open({str(ledger)!r}, "a", buffering=1) as ledger:
    for number in range(100_000):
        user = get_user_model().objects.create_user(f"w{{number}}@hall.example")
        ledger.write(user.email + "\\n")
"""
    writer = site.start_python(code)
    until(lambda: ledger.exists() and ledger.read_text().count("\n") > 50, "the writer does not write")
    before = ledger.read_text().splitlines()[:-1]
    done = site.run("backup", str(tmp_path / "busy.tar.gz"))
    writer.kill()
    assert done.returncode == 0, done.stderr
    other = installation(bare=True)
    assert other.run("restore", str(tmp_path / "busy.tar.gz")).returncode == 0
    there = set(
        other.python_says(
            "from django.contrib.auth import get_user_model\nfor u in get_user_model().objects.all(): print(u.email)"
        ).split()
    )
    assert set(before) <= there
    assert other.run("check").returncode == 0


@pytest.mark.skipif(
    os.environ.get("TEST_ENGINE") != "postgresql", reason="needs both engines: runs on the PostgreSQL leg"
)
def test_the_same_content_is_dumped_the_same_on_both_engines(site, tmp_path):
    small = Installation(tmp_path / "small")
    small.data.mkdir()
    small.python_says(MIGRATE + PEOPLE)
    rows = [
        [
            line
            for line in one.run("dump").stdout.splitlines()
            if '"table":"django' not in line and '"photo":"p' not in line
        ]
        for one in (site, small)
    ]
    assert rows[0] == rows[1]
    assert len(rows[0]) > 10
