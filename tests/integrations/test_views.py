"""The pages of one's calendars."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonhall.core import clock
from commonhall.integrations.models import Calendar
from commonhall.integrations.sealing import seal, unseal
from tests.factories.accounts import UserFactory
from tests.factories.integrations import BusySpanFactory, CalendarFactory
from tests.integrations.servers import Reply
from tests.integrations.test_caldav import discovery
from tests.integrations.test_connecting import ics

pytestmark = pytest.mark.django_db
LIST = "/integrations/calendars/"


@pytest.fixture
def priya(client):
    user = UserFactory(name="Priya")
    client.force_login(user)
    return user


def words(answer):
    return " ".join(answer.content.decode().split())


def test_without_a_calendar_the_page_says_how_to_begin(client, priya):
    page = words(client.get(LIST))
    assert "No calendar yet" in page
    assert f'href="{LIST}add/"' in page
    assert f'href="{LIST}connect/"' in page


def test_each_calendar_says_how_old_and_how_much_it_is(client, priya):
    now = clock.now()
    calendar = CalendarFactory(
        user=priya, name="Work", read_at=now - timedelta(minutes=20, seconds=5), address=seal("x")
    )
    for days in (-2, 1, 2):
        begins = now + timedelta(days=days)
        BusySpanFactory(calendar=calendar, starts_at=begins, ends_at=begins + timedelta(hours=1))
    page = words(client.get(LIST)).replace("\xa0", " ")
    assert "Read 20 minutes ago; 2 busy times in the next 26 weeks." in page


def test_what_has_long_failed_stands_at_the_top(client, priya):
    now = clock.now()
    CalendarFactory(
        user=priya,
        name="Work",
        read_at=now - timedelta(days=5),
        asked_at=now,
        problem="It is <gone>.",
        address=seal("x"),
    )
    page = words(client.get(LIST)).replace("\xa0", " ")
    assert "“Work” cannot be read any more" in page
    assert "It was last read 5 days ago." in page
    assert "It is &lt;gone&gt;." in page


def test_adding_by_address_reads_it_and_says_what_was_left_out(client, priya, server):
    broken = b"BEGIN:VEVENT\nDTSTART:20990399\nRRULE:x\nEND:VEVENT\nEND:VCAL"
    server.replies["/cal.ics"] = Reply(ics(12).replace(b"END:VCAL", broken))
    answer = client.post(f"{LIST}add/", {"address": server.at(), "name": "Work"}, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "“Work” is connected. 1 entry made no sense and is left out." in words(answer)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "is still empty"),
        ("http://127.0.0.1/x", "leads into an internal network"),
        ("ftp://x.example", "begins with https"),
        ("https://x.example:22/", "port 22"),
    ],
)
def test_an_address_that_will_not_do_is_said_at_the_field(client, priya, address, sentence):
    answer = client.post(f"{LIST}add/", {"address": address})
    assert answer.status_code == 422
    assert any(sentence in error for error in answer.context["form"].errors["address"])
    assert 'href="#id_address"' in words(answer)
    assert not Calendar.objects.exists()


def connect(client, server, **more):
    calendar = "<resourcetype><c:calendar/></resourcetype><displayname>Priya’s work</displayname>"
    server.replies["/"] = discovery(calendar)
    return client.post(
        f"{LIST}connect/", {"server": server.at("/"), "username": "priya", "password": "app-word", **more}
    )


def test_a_server_is_connected_in_two_steps_and_the_password_stays_unseen(client, priya, server):
    first = connect(client, server)
    assert "Priya’s work" in words(first)
    assert "app-word" not in words(first)
    sealed = first.context["form"]["sealed"].value()

    second = client.post(f"{LIST}connect/choose/", {"sealed": sealed, "calendars": "0", "takes": "0"}, follow=True)

    assert "They are read within a minute or so." in words(second)
    calendar = Calendar.objects.get(user=priya)
    assert (calendar.name, calendar.takes_meetings, calendar.plain_secret) == ("Priya’s work", True, "app-word")


def test_a_calendar_that_takes_meetings_is_read_as_well(client, priya, server):
    sealed = connect(client, server).context["form"]["sealed"].value()
    client.post(f"{LIST}connect/choose/", {"sealed": sealed, "takes": "0"})
    assert Calendar.objects.get().takes_meetings


def test_nothing_chosen_is_said_at_the_field_and_keeps_the_choice_open(client, priya, server):
    sealed = connect(client, server).context["form"]["sealed"].value()
    answer = client.post(f"{LIST}connect/choose/", {"sealed": sealed})
    assert answer.status_code == 422
    assert "Choose at least one calendar." in words(answer)
    assert answer.context["form"]["sealed"].value() == sealed


def test_what_was_found_for_somebody_else_or_made_up_begins_anew(client, priya, server):
    sealed = connect(client, server).context["form"]["sealed"].value()
    assert unseal(sealed)
    client.force_login(UserFactory())
    for given in (sealed, "made up", ""):
        answer = client.post(f"{LIST}connect/choose/", {"sealed": given, "calendars": "0"}, follow=True)
        assert answer.redirect_chain == [(f"{LIST}connect/", 302)]
        assert "Connect to the server once more." in words(answer)
    assert not Calendar.objects.exists()
    assert client.get(f"{LIST}connect/choose/").status_code == 302


@pytest.mark.parametrize(
    ("reply", "field", "sentence"),
    [
        (Reply(status=401), "password", "does not accept this name and password"),
        (Reply(status=404), "server", "no calendar server"),
    ],
)
def test_what_is_wrong_with_a_server_is_said_at_the_field(client, priya, server, reply, field, sentence):
    server.replies["/"] = reply
    answer = client.post(f"{LIST}connect/", {"server": server.at("/"), "username": "p", "password": "w"})
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert 'value="w"' not in words(answer)


def test_checking_renaming_and_removing(client, priya, server):
    server.replies["/cal.ics"] = Reply(ics(12))
    calendar = CalendarFactory(user=priya, address=seal(server.at()))
    one = f"{LIST}{calendar.pk}/"
    assert "“Work” has been read." in words(client.post(f"{one}check/", follow=True))
    assert "less than a minute ago" in words(client.post(f"{one}check/", follow=True))
    assert client.post(one, {"name": "\u202e"}).status_code == 422
    assert "Home" in words(client.post(one, {"name": "Home"}, follow=True))
    assert "“Home” is removed" in words(client.post(f"{one}remove/", follow=True))
    assert not Calendar.objects.exists()


@pytest.mark.parametrize("path", ["", "check/", "remove/"])
def test_somebody_elses_calendar_does_not_exist(client, priya, path):
    calendar = CalendarFactory(name="Secret")
    assert client.post(f"{LIST}{calendar.pk}/{path}", {"name": "Mine"}).status_code == 404
    assert client.get(f"{LIST}{calendar.pk}/").status_code == 404
    assert "Secret" not in words(client.get(LIST))
    calendar.refresh_from_db()
    assert calendar.name == "Secret"


def test_where_the_site_forbids_it_the_pages_say_so(client, priya, settings):
    settings.CONNECT_CALENDARS = False
    for path in ("", "add/", "connect/"):
        page = words(client.get(LIST + path))
        assert "switched off here" in page
        assert 'name="address"' not in page
        assert 'name="server"' not in page


@pytest.mark.parametrize("many", [1, 9])
def test_the_list_asks_the_same_number_of_questions_for_few_and_for_many(client, priya, many):
    now = clock.now()
    for calendar in CalendarFactory.create_batch(many, user=priya):
        BusySpanFactory(calendar=calendar, starts_at=now, ends_at=now + timedelta(hours=1))
    client.get(LIST)
    with CaptureQueriesContext(connection) as asked:
        client.get(LIST)
    assert len(asked) == 4


def test_the_account_menu_and_the_page_of_ones_times_lead_there(client, priya):
    page = words(client.get("/people/me/times/"))
    assert page.count(f'href="{LIST}"') == 2
