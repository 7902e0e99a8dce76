from pathlib import Path

import pytest

from commonhall.accounts.models import User
from commonhall.config import cli
from commonhall.programmes.models import Enrolment, Import
from tests.factories.organisations import OrganisationFactory
from tests.factories.programmes import ProgrammeFactory, member_of

pytestmark = pytest.mark.django_db
HEADINGS = "Part,Name,E-mail,Organisation,Capacity\n"
SOUND = "mentor,Adam Bell,adam.bell@harbour.example,Harbour Borough Council,2\n"
WRONG = "mentee,Mo Khan,nonsense,Harbour Borough Council,\n"
SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def run(programme, tmp_path, capsys):
    member_of(programme.pool, OrganisationFactory(name="Harbour Borough Council", short_name=""))

    def run(text, *options, role="Part"):
        file = tmp_path / "people.csv"
        file.write_text(text)
        code = cli.main(["import-people", str(file), "--programme", programme.slug, "--as", role, *options])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_sound_file_is_saved(run, programme):
    code, out, _err = run(HEADINGS + SOUND)
    assert code == 0
    assert "1 people saved, 1 of them new" in out
    assert programme.enrolments.get().capacity == 2
    assert Import.objects.get().state == Import.State.SAVED


def test_one_wrong_line_saves_nothing_and_is_named(run):
    code, _out, err = run(HEADINGS + SOUND + WRONG)
    assert code == 1
    assert "line 3, E-mail:" in err
    assert "Nothing was saved: 1 problems in 1 lines" in err
    assert not User.objects.filter(email__contains="harbour").exists()


def test_partial_takes_the_sound_lines(run):
    code, out, _err = run(HEADINGS + SOUND + WRONG, "--partial")
    assert code == 0
    assert "1 lines left out" in out
    assert Enrolment.objects.count() == 1


def test_a_dry_run_saves_nothing(run):
    code, out, _err = run(HEADINGS + SOUND, "--dry-run")
    assert code == 0
    assert "1 people would be saved" in out
    assert not Import.objects.exists()


def test_everybody_is_what_the_command_says(run, programme):
    run(HEADINGS + SOUND, role="mentee")
    assert programme.enrolments.get().role == "mentee"


def test_running_it_twice_changes_nothing(run, programme):
    run(HEADINGS + SOUND)
    _code, out, _err = run(HEADINGS + SOUND)
    assert "0 of them new" in out
    assert programme.enrolments.count() == 1


def test_a_heading_that_is_not_there_names_those_that_are(run):
    code, _out, err = run(HEADINGS + SOUND, role="Function")
    assert code == 1
    assert "Its columns are: Part, Name" in err


@pytest.mark.parametrize("what", ["programme", "file"])
def test_what_does_not_exist_is_said_plainly(programme, capsys, tmp_path, what):
    file = tmp_path / "people.csv"
    if what == "programme":
        file.write_text(HEADINGS)
    slug = "nonsense" if what == "programme" else programme.slug
    assert cli.main(["import-people", str(file), "--programme", slug, "--as", "mentor"]) == 1
    assert f"There is no {what}" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(
    not SHARED.is_dir(), reason="needs the sample files in ../shared/data, which are not part of this repository"
)
def test_the_sample_files_commit(capsys):
    assert cli.main(["import-organisations", str(SHARED / "organisations" / "uk_local_authorities.csv")]) == 0
    programme = ProgrammeFactory(slug="east")
    files = {"mentees_forms_export.xlsx": "mentee", "mentors_google_form.csv": "mentor"}
    files["pool_mixed_semicolon_cp1252.csv"] = "Role"
    for file, role in files.items():
        command = ["import-people", str(SHARED / "participants" / file), "--programme", "east", "--as", role]
        assert cli.main(command) == 0, capsys.readouterr().err
    first = programme.enrolments.count(), User.objects.count()
    assert first[0] > 330
    for file, role in files.items():
        cli.main(["import-people", str(SHARED / "participants" / file), "--programme", "east", "--as", role])
    assert (programme.enrolments.count(), User.objects.count()) == first
    broken = ["import-people", str(SHARED / "participants" / "broken.csv"), "--programme", "east", "--as", "role"]
    capsys.readouterr()
    assert cli.main(broken) == 1
    assert (programme.enrolments.count(), User.objects.count()) == first
    assert "line 3, email:" in capsys.readouterr().err
