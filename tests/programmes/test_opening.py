"""From which day people can apply, until which day, and what stands there before and after."""

from datetime import timedelta

import pytest
from django.urls import reverse

from commonhall.core import clock, errors
from commonhall.home.queries.own import open_to_all, programmes_to_join
from commonhall.programmes import actions
from commonhall.programmes.models import Programme
from tests.factories.programmes import ProgrammeFactory

pytestmark = pytest.mark.django_db
DAYS = {"not yet": (1, 9), "from today": (0, 9), "until today": (-9, 0), "over": (-9, -1)}
REFUSED = ("not yet", "over")


@pytest.fixture(params=DAYS)
def when(request, programme):
    opens, closes = (clock.today() + timedelta(days=n) for n in DAYS[request.param])
    Programme.objects.filter(pk=programme.pk).update(applications_open_on=opens, applications_close_on=closes)
    programme.refresh_from_db()
    return request.param


def page(client, name, programme, *more):
    return client.get(reverse(f"programmes:{name}", args=[programme.slug, *more]))


def test_the_public_page_offers_to_sign_up_only_between_the_two_days(client, programme, when):
    content = page(client, "public", programme).content.decode()
    assert (reverse("programmes:join", args=[programme.slug]) in content) is (when not in REFUSED)
    assert ("Applications open on" in content) is (when == "not yet")
    assert ("Applications closed at the end of" in content) is (when == "over")


@pytest.mark.parametrize("name", ["join", "apply", "apply_step", "apply_check"])
def test_the_addresses_of_signing_up_are_closed_outside_them(client, programme, colleague, when, name):
    if name != "join":
        client.force_login(colleague)
    answer = page(client, name, programme, *(["role"] if name == "apply_step" else []))
    assert (answer.status_code == 403) is (when in REFUSED)
    if when in REFUSED:
        assert "<fieldset" not in answer.content.decode()
        assert "Applications" in answer.content.decode()


def test_an_application_at_the_wrong_time_is_refused_with_the_day(programme, colleague, when):
    if when in REFUSED:
        with pytest.raises(errors.Refused, match="open on" if when == "not yet" else "does not take"):
            actions.apply(user=colleague, programme=programme, role="mentee", by=colleague)
    else:
        assert actions.apply(user=colleague, programme=programme, role="mentee", by=colleague)


def test_it_is_offered_on_start_pages_only_then(programme, colleague, when):
    assert (programme in programmes_to_join(colleague)) is (when not in REFUSED)
    assert (programme in open_to_all()) is (when not in REFUSED)


def test_a_draft_gives_its_coordinator_no_link_to_send_round(client, programme, coordinator):
    Programme.objects.filter(pk=programme.pk).update(state="draft")
    client.force_login(coordinator)
    content = page(client, "detail", programme).content.decode()
    assert "Nobody but its coordinators can see the programme until you open it" in content
    assert "public-link" not in content
    assert reverse("programmes:poster", args=[programme.slug]) not in content
    assert reverse("programmes:qr", args=[programme.slug]) not in page(client, "public", programme).content.decode()
    actions.open_applications(Programme.objects.get(pk=programme.pk), by=coordinator)
    assert "public-link" in page(client, "detail", programme).content.decode()


def test_dates_in_the_wrong_order_are_explained_at_the_field(as_coordinator, programme):
    data = {"applications_open_on": "2027-03-01", "applications_close_on": "2027-02-01"}
    answer = as_coordinator.post(reverse("programmes:dates", args=[programme.slug]), data)
    assert answer.status_code == 422
    assert "cannot close before they open" in answer.content.decode()


def test_the_first_day_stands_once_in_the_timeline(client):
    programme = ProgrammeFactory(applications_open_on=clock.today() + timedelta(days=3))
    assert page(client, "public", programme).content.decode().count(">Applications open<") == 1
