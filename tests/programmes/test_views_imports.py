import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from commonhall.programmes.importing import actions
from commonhall.programmes.models import Import
from tests.factories.organisations import GrantFactory, OrganisationFactory
from tests.factories.programmes import ProgrammeFactory
from tests.programmes.sheets import ROWS, WRONG, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("councils")]
State = Import.State


@pytest.mark.parametrize("content", [b"%PDF-1.7 not a list", b"\x00\x01\x02", b"a,b\n"])
def test_what_is_no_list_says_what_to_do(as_coordinator, upload, content):
    source = upload(content=content)
    assert source.state == State.FAILED
    page = as_coordinator.get(reverse("programmes:import", args=[source.programme.slug, source.pk])).content.decode()
    assert "Upload another file" in page
    assert actions.problems_of(source)[0].remedy.replace("’", "") in page


def url(source, name="import"):
    return reverse(f"programmes:{name}", args=[source.programme.slug, source.pk])


def test_a_spreadsheet_is_brought_in_through_the_pages(as_coordinator, programme, run_jobs):
    page = reverse("programmes:imports", args=[programme.slug])
    assert "Choose a file" in as_coordinator.post(page, {"approves": "yes"}).content.decode()
    file = SimpleUploadedFile("people.csv", sheet(*ROWS, WRONG))
    to = as_coordinator.post(page, {"file": file, "role": "column", "approves": "yes"}).headers["Location"]
    source = Import.objects.get()
    preview = as_coordinator.get(to).content.decode()
    for words in (
        "Save the 3 sound lines",
        "not-an-address",
        "Atlantis",
        "cannot be saved",
        "nothing has been saved yet",
    ):
        assert words in preview
    problems = as_coordinator.get(url(source, "import_problems")).content.decode("utf-8-sig")
    assert problems.splitlines()[0] == "Line,Column,How bad,Cell,What is wrong,What to do"
    assert "\n5,E-mail," in problems.replace("\r", "")
    as_coordinator.post(url(source, "import_save"), {"lines": "sound"})
    assert "People saved" in as_coordinator.get(to).content.decode()
    as_coordinator.post(url(source, "import_save"), {"lines": "sound"})
    run_jobs()
    assert "3 people are saved" in as_coordinator.get(to).content.decode()
    as_coordinator.post(url(source, "import_undo"))
    assert "This import is undone" in as_coordinator.get(to).content.decode()
    assert not programme.enrolments.exists()
    assert "people.csv" in as_coordinator.get(page).content.decode()


def test_organisations_that_are_not_here_yet_are_named_together_and_known_once_they_are_added(as_coordinator, upload):
    names = ["Atlantis", "Avalon", "Lyonesse", "Atlantis"]
    source = upload(*(f"Mentee,Ann {n},ann{n}@x.example,{name},,,3,,,,,," for n, name in enumerate(names)))
    shown = as_coordinator.get(url(source))
    assert "3 of the organisations named here are not in Commonhall yet" in shown.content.decode()
    assert "Atlantis, Avalon, Lyonesse" in shown.content.decode()
    for name in names[:3]:
        OrganisationFactory(name=name)
    form = shown.context["form"]
    again = {name: field.initial or "" for name, field in form.fields.items()}
    as_coordinator.post(url(source, "import_columns"), again)
    assert "Save 4 people" in as_coordinator.get(url(source)).content.decode()


def test_columns_are_chosen_on_the_page(as_coordinator, upload):
    source = upload(*ROWS)
    form = as_coordinator.get(url(source)).context["form"]
    data = {name: field.initial or "" for name, field in form.fields.items()}
    twice = as_coordinator.post(url(source, "import_columns"), data | {"column_4": "email"})
    assert twice.status_code == 422
    assert "is chosen for" in twice.content.decode()
    as_coordinator.post(url(source, "import_columns"), data | {"column_4": "", "approves": "no"})
    source.refresh_from_db()
    assert "Job title" not in source.mapping
    assert not source.approves


@pytest.mark.parametrize("name", ["import", "import_save", "import_columns", "import_undo", "import_problems"])
def test_an_outsider_finds_no_import(client, outsider, colleague, upload, name):
    source = upload(*ROWS)
    for user in (outsider, colleague):
        client.force_login(user)
        ask = client.get if name in ("import", "import_problems") else client.post
        assert ask(url(source, name)).status_code == 404


def test_an_import_of_one_programme_is_not_shown_in_another(as_coordinator, coordinator, upload):
    other = ProgrammeFactory()
    GrantFactory(user=coordinator, role="coordinator", scope=other)
    assert as_coordinator.get(reverse("programmes:import", args=[other.slug, upload(*ROWS).pk])).status_code == 404
