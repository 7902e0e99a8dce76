import pytest
from django.urls import reverse

from commonhall.programmes.models import Programme
from tests.factories.programmes import ProgrammeFactory, coordinator_of

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"programmes:{name}", args=args)


PAGES = ["public", "poster", "join", "qr"]


@pytest.mark.parametrize("page", ["public", "poster", "join"])
def test_anybody_reads_what_it_is_without_signing_in(client, programme, page):
    assert programme.name in client.get(url(page, programme.slug)).content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("hidden", [{"state": "draft"}, {"is_public": False}])
def test_what_is_not_public_is_not_there(client, page, hidden):
    programme = ProgrammeFactory(**hidden)
    assert client.get(url(page, programme.slug)).status_code == 404


def test_a_coordinator_looks_at_the_page_of_a_draft(client):
    programme = ProgrammeFactory(state="draft")
    client.force_login(coordinator_of(programme))
    assert "how the page will look" in client.get(url("public", programme.slug)).content.decode()


def test_the_page_says_everything_that_people_ask(client, programme):
    Programme.objects.filter(pk=programme.pk).update(
        audience="Anybody in the region", asks="An hour a month", gives="A mentor", needs_sponsor=True
    )
    content = client.get(url("public", programme.slug)).content.decode()
    for words in ("Anybody in the region", "An hour a month", "A mentor", "line manager", "Last day for applications"):
        assert words in content
    assert url("join", programme.slug) in content
    assert url("qr", programme.slug) in content


def test_a_closed_programme_offers_no_way_in(client, programme):
    Programme.objects.filter(pk=programme.pk).update(state="running")
    content = client.get(url("public", programme.slug)).content.decode()
    assert "does not take applications" in content
    assert url("join", programme.slug) not in content


def test_the_qr_code_is_a_picture_of_the_address_without_styles(client, programme, settings):
    settings.BASE_URL = "https://mentoring.example"
    response = client.get(url("qr", programme.slug))
    assert response.headers["Content-Type"] == "image/svg+xml"
    picture = response.content.decode()
    assert picture.lstrip().startswith("<?xml")
    assert "style" not in picture
    settings.BASE_URL = "https://other.example"
    assert client.get(url("qr", programme.slug)).content.decode() != picture


def test_new_and_known_people_are_sent_on_to_apply(client, programme):
    content = client.get(url("join", programme.slug)).content.decode()
    after = "next=%2Fprogrammes%2Facross%2Fapply%2F"
    assert f"{reverse('account_signup')}?{after}" in content
    assert f"{reverse('account_request_login_code')}?{after}" in content


def test_whoever_is_signed_in_goes_straight_on(as_colleague, programme):
    assert as_colleague.get(url("join", programme.slug)).headers["Location"] == url("apply", programme.slug)
