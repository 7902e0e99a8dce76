"""Filling in a profile: five short pages, each of which keeps what is given and leaves the rest."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from commonhall.accounts.actions import note_sign_in
from commonhall.history.models import Event
from commonhall.organisations.models import Membership
from commonhall.people import actions, privacy, queries
from commonhall.people.models import Profile, Topic, WorkingHours
from commonhall.people.visibility import Viewer
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory, OrganisationFactory
from tests.factories.people import ProfileFactory, TopicFactory, WorkingHoursFactory

pytestmark = pytest.mark.django_db
WORK = {
    "name": "Ada River",
    "pronouns": "she/her",
    "organisation": "Riverbank",
    "job_title": "Housing manager",
    "service_area": "housing",
    "level": "5",
}


@pytest.fixture
def riverbank():
    return OrganisationFactory(name="Riverbank Borough Council", short_name="Riverbank")


@pytest.fixture
def me(client, riverbank):
    user = UserFactory(name="Ada", email="ada@riverbank.example")
    client.force_login(user)
    return user


def test_name_council_and_job_are_saved_together(client, me, riverbank):
    assert client.post("/people/me/work/", WORK | {"go_on": "1"}).url == "/people/me/exchange/"
    me.refresh_from_db()
    assert (me.name, me.membership.organisation, me.profile.job_title) == ("Ada River", riverbank, "Housing manager")
    assert (me.profile.service_area, me.profile.level, me.profile.pronouns) == ("housing", "5", "she/her")
    assert "profile.changed" in Event.objects.filter(by=me).values_list("verb", flat=True)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name", "", "still empty"),
        ("name", " \u200b\u202e ", "still empty"),
        ("name", "x" * 151, "too long"),
        ("organisation", "Atlantis", "We do not know “Atlantis”"),
        ("organisation", "<script>", "We do not know “&lt;script&gt;”"),
        ("service_area", "magic", "choose one of the answers"),
        ("level", "99", "choose one of the answers"),
        ("job_title", "", "still empty"),
    ],
)
def test_what_cannot_be_is_explained_at_its_field_and_nothing_is_saved(client, me, field, value, reason):
    page = client.post("/people/me/work/", WORK | {field: value})
    assert page.status_code == 422
    text = page.content.decode()
    assert reason in text
    assert f'href="#id_{field}"' in text
    assert not Profile.objects.exists()
    assert not Membership.objects.exists()


def test_what_was_typed_is_still_there_after_a_mistake(client, me):
    page = client.post("/people/me/work/", WORK | {"level": "", "job_title": "Rent & arrears <lead>"})
    assert "Rent &amp; arrears &lt;lead&gt;" in page.content.decode()


@pytest.mark.parametrize("known", [True, False], ids=["an address of the council", "another address"])
def test_where_somebody_works_is_confirmed_by_their_address_alone(client, me, known):
    OrganisationFactory(name="Closed Council", email_domains=["closed.example"])
    EmailAddress.objects.create(user=me, email="ada@closed.example", verified=known)
    client.post("/people/me/work/", WORK | {"organisation": "Closed Council"})
    assert bool(Membership.objects.get(user=me).confirmed_at) is known
    assert ("One step before you see other people" in client.get("/people/me/").content.decode()) is not known


def test_whoever_moves_to_another_council_is_confirmed_anew(client, me, riverbank):
    MembershipFactory(user=me)
    client.post("/people/me/work/", WORK)
    assert Membership.objects.filter(user=me, organisation=riverbank, confirmed_at=None).exists()


def test_whoever_is_there_already_stays_whatever_the_address(client, me):
    closed = OrganisationFactory(name="Closed Council", email_domains=["closed.example"])
    MembershipFactory(user=me, organisation=closed)
    client.post("/people/me/work/", WORK | {"organisation": "Closed Council"})
    assert me.profile.job_title == "Housing manager"


def test_offers_wants_and_interests_come_from_the_list_or_are_ones_own_words(client, me):
    fields = {
        "offers": ["service:housing", "Budget setting", "budget  setting"],
        "can_help": "I have led two mergers.",
        "wants": ["homelessness", "competency:political"],
        "interests": ["Bell ringing"],
    }
    page = client.post("/people/me/exchange/", fields)
    if page.status_code == 422:
        fields["wants"] = ["homelessness"]
        page = client.post("/people/me/exchange/", fields)
    assert page.status_code == 302
    kept = {(topic.purpose, topic.kind, topic.key) for topic in Topic.objects.all()}
    assert ("offer", "service", "housing") in kept
    assert ("offer", "tag", "budget setting") in kept
    assert ("want", "service", "homelessness") in kept, "a name from the list is understood"
    assert ("interest", "tag", "bell ringing") in kept
    assert me.profile.can_help == "I have led two mergers."


def test_what_is_taken_out_goes_and_the_rest_stays(client, me):
    profile = ProfileFactory(user=me, biography="Still here")
    TopicFactory(profile=profile, key="housing")
    client.post("/people/me/exchange/", {"can_help": "", "want_to_learn": ""})
    profile.refresh_from_db()
    assert not profile.topics.exists()
    assert profile.biography == "Still here"


def test_too_many_topics_are_counted(client, me):
    page = client.post("/people/me/exchange/", {"interests": [f"word {n}" for n in range(13)]})
    assert "Choose 12 at most. You have chosen 13." in page.content.decode()


def test_a_background_is_saved_as_it_was_written(client, me):
    text = "First line.\r\n\r\nSecond line with <b>signs</b> & 🦦.\u202e\x07"
    client.post("/people/me/background/", {"biography": text, "languages": ["en", "cy"]})
    assert me.profile.biography == "First line.\n\nSecond line with <b>signs</b> & 🦦."
    assert me.profile.languages == ["en", "cy"]
    assert "&lt;b&gt;signs&lt;/b&gt; &amp; 🦦" in client.get("/people/me/").content.decode()


def test_a_biography_that_is_too_long_says_by_how_much(client, me):
    page = client.post("/people/me/background/", {"biography": "x" * 2001, "languages": ["en"]})
    assert page.status_code == 422
    assert "2000 characters fit, and there are 2001" in page.content.decode()


def times(**more):
    empty = {f"hours_{day}_{number}_{end}": "" for day in range(7) for number in range(2) for end in ("start", "end")}
    return {"time_zone": "Europe/Dublin", "channels": ["phone"], "adjustments": "Captions"} | empty | more


def test_hours_zone_and_adjustments_are_saved(client, me):
    client.post(
        "/people/me/times/",
        times() | hours_fields(client, {(0, 0): ("09:00", "12:30"), (3, 0): ("18:00", "21:00")}),
    )
    me.refresh_from_db()
    kept = [(row.weekday, row.starts, row.ends) for row in WorkingHours.objects.all()]
    assert kept == [(0, 540, 750), (3, 1080, 1260)]
    assert (me.time_zone, me.profile.adjustments) == ("Europe/Dublin", "Captions")


def hours_fields(client, spans):
    """The page's own names for the boxes of a day."""
    page = client.get("/people/me/times/").content.decode()
    names = re.findall(r'name="(hours[^"]*)"', page)
    found = {}
    for (day, number), (start, end) in spans.items():
        first = (day * 2 + number) * 2
        found |= {names[first]: start, names[first + 1]: end}
    return found


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        (("12:00", "09:00"), "Monday: the end must be later than the start."),
        (("09:00", ""), "Monday: give both a start and an end"),
        (("nine", "17:00"), "Monday: write times like 09:00."),
        (("25:00", "26:00"), "Monday: write times like 09:00."),
    ],
)
def test_hours_that_cannot_be_name_their_day(client, me, span, reason):
    page = client.post("/people/me/times/", times() | hours_fields(client, {(0, 0): span}))
    assert page.status_code == 422
    assert reason in page.content.decode()
    assert not WorkingHours.objects.exists()


def test_a_profile_comes_back_into_the_forms_as_it_was_saved(client, me, riverbank):
    profile = ProfileFactory(user=me, biography="My days", can_help="Much", adjustments="Captions")
    MembershipFactory(user=me, organisation=riverbank)
    TopicFactory(profile=profile, kind="tag", key="bell ringing", purpose="interest")
    WorkingHoursFactory(profile=profile, weekday=1, starts=555, ends=1020)
    pages = {
        step: client.get(f"/people/me/{step}/").content.decode() for step in ("work", "exchange", "background", "times")
    }
    assert "Riverbank Borough Council" in pages["work"]
    assert "bell ringing" in pages["exchange"]
    assert "My days" in pages["background"]
    assert 'value="09:15"' in pages["times"]
    assert "Captions" in pages["times"]


def test_the_steps_tick_off_what_is_filled_in(me):
    bare = [step.done for step in queries.steps(queries.card(me, Viewer.SELF, me))]
    assert bare == [False] * 5
    profile = ProfileFactory(user=me, biography="Hello")
    WorkingHoursFactory(profile=profile)
    me.refresh_from_db()
    assert [step.done for step in queries.steps(queries.card(me, Viewer.SELF, me))] == [False, False, True, True, False]


def test_the_directory_is_left_and_joined_by_ones_own_choice(client, me):
    profile = ProfileFactory(user=me)
    client.post("/people/me/listing/", {"listed": "no"})
    profile.refresh_from_db()
    assert profile.listed_at is None
    client.post("/people/me/listing/", {"listed": "yes"})
    profile.refresh_from_db()
    assert profile.listed_at
    assert list(Event.objects.about(profile).values_list("verb", flat=True)) == ["profile.listed", "profile.unlisted"]


def test_the_first_sign_in_does_not_bring_back_who_has_left_the_directory(me, run_jobs):
    note_sign_in(me)
    run_jobs()
    actions.take_out_of_directory(me.profile, by=me)
    note_sign_in(me)
    run_jobs()
    me.profile.refresh_from_db()
    assert me.profile.listed_at is None


def test_strangers_reach_none_of_the_pages(client):
    names = ("edit", "as_seen", "work", "exchange", "background", "times", "photo_edit")
    for name in names:
        assert client.get(reverse(f"people:{name}")).url.startswith("/accounts/login/"), name


@pytest.mark.parametrize("number", [1, 3, 12])
def test_the_profile_page_costs_the_same_for_any_number_of_topics(client, me, number, django_assert_max_num_queries):
    profile = ProfileFactory(user=me)
    for one in range(number):
        TopicFactory(profile=profile, key=f"topic {one}", kind="tag")
        WorkingHoursFactory(profile=profile, weekday=one % 7, starts=60 * one)
    client.get("/people/me/")
    with django_assert_max_num_queries(6):
        client.get("/people/me/")


@pytest.mark.parametrize("number", [1, 3, 20])
def test_many_cards_cost_four_queries(number, django_assert_num_queries):
    users = []
    for _one in range(number):
        profile = ProfileFactory()
        MembershipFactory(user=profile.user)
        TopicFactory(profile=profile)
        users.append(profile.user)
    reader = UserFactory()
    with django_assert_num_queries(4):
        cards = [queries.card_of(one, Viewer.PARTICIPANT, reader) for one in queries.profiles(users)]
    assert all(card.organisation and card.offers for card in cards)


def test_what_is_held_is_handed_over_and_erased(me):
    profile = ProfileFactory(user=me, adjustments="Captions")
    TopicFactory(profile=profile)
    WorkingHoursFactory(profile=profile)
    held = privacy.holds(me)
    assert held["profile"][0]["adjustments"] == "Captions"
    assert len(held["topics"]) == len(held["working_hours"]) == 1
    privacy.erase(me)
    assert not Profile.objects.exists()
    assert not Topic.objects.exists()


@pytest.mark.parametrize("chain", [1, 2])
def test_a_council_that_has_ended_names_its_successor(client, me, riverbank, chain):
    successor = riverbank
    for number in range(chain):
        successor = OrganisationFactory(
            name=f"Old Council {number}", short_name="", ended_on="2023-03-31", successor=successor
        )
    page = client.post("/people/me/work/", WORK | {"organisation": successor.name})
    assert page.status_code == 422
    assert f"{successor.name} no longer exists. Its successor is {riverbank.name}." in page.content.decode()
