import errno

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from commonhall.config import edge, urls
from commonhall.core.errors import Conflict, Refused, Unavailable
from commonhall.jobs.models import Probe

TROUBLES = {
    "locked": OperationalError("database is locked"),
    "disk": OSError(errno.ENOSPC, "No space left on device"),
    "gone": OperationalError("connection to server failed: Connection refused"),
    "closed": InterfaceError("connection already closed"),
    "bug": ValueError("a mistake of ours"),
    "table": OperationalError("no such table: people"),
}


@login_not_required
def save(request):
    Probe.objects.bulk_create([Probe(pk=number) for number in range(1, 20_000)])
    return HttpResponse("saved")


@login_not_required
def stumble(request, trouble):
    raise TROUBLES[trouble]


@login_not_required
def refuse(request, kind):
    raise {"403": Refused, "409": Conflict, "503": Unavailable}[kind]("because of the moon")


urlpatterns = [
    path("edge/save", save),
    path("edge/stumble/<trouble>", stumble),
    path("edge/refuse/<kind>", refuse),
    *urls.urlpatterns,
]
handler500 = edge.server_error


@pytest.fixture
def visitor(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_said_in_words_nothing_is_written_and_later_it_works(visitor):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite can be given a small disk; PostgreSQL's own words are covered below")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count={pages + 5}")
    answer = visitor.post("/edge/save")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "no room left" in answer.content.decode()
    assert not Probe.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count=1073741823")
    assert visitor.post("/edge/save").content == b"saved"


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("locked", "Many people are saving"),
        ("disk", "no room left"),
        ("gone", "does not answer"),
        ("closed", "does not answer"),
    ],
)
def test_trouble_that_passes_is_503_in_plain_words(db, visitor, trouble, words):
    answer = visitor.post(f"/edge/stumble/{trouble}")
    assert answer.status_code == 503
    assert "Retry-After" in answer
    assert words in answer.content.decode()


@pytest.mark.parametrize("trouble", ["bug", "table"])
def test_a_mistake_of_ours_is_500_and_shows_no_inside(db, visitor, trouble):
    answer = visitor.post(f"/edge/stumble/{trouble}")
    assert answer.status_code == 500
    assert "mistake of ours" not in answer.content.decode()
    assert "no such table" not in answer.content.decode()


@pytest.mark.parametrize("kind", ["403", "409", "503"])
def test_what_an_action_refuses_becomes_a_page_with_its_reason(db, visitor, kind):
    answer = visitor.post(f"/edge/refuse/{kind}")
    assert answer.status_code == int(kind)
    assert "because of the moon" in answer.content.decode()


@pytest.mark.parametrize(
    "words",
    ["could not extend file: No space left on device", "database or disk is full", "disk full"],
)
def test_a_full_disk_is_known_by_the_words_of_both_engines(words):
    assert "no room" in edge.out_of_order(OperationalError(words))
