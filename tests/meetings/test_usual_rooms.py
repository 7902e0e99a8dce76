"""Where a pair meets when nobody says otherwise: whose room it is, who may choose it, and what it does to meetings."""

import pytest
from django.conf import settings
from django.urls import reverse

from commonhall.core.errors import Refused
from commonhall.history.models import Event
from commonhall.meetings import elsewhere
from commonhall.meetings.actions import booking
from commonhall.meetings.queries.rooms import BUILT_IN, ORGANISATION, PAIR, PROGRAMME, usual
from commonhall.mentorships import actions as mentorships
from commonhall.mentorships import privacy
from commonhall.mentorships.models import Mentorship
from commonhall.organisations.models import Grant
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory, soon
from tests.factories.mentorships import MentorshipFactory
from tests.factories.organisations import GrantFactory
from tests.factories.programmes import coordinator_of, owner_of

pytestmark = pytest.mark.django_db
MeetsBy = Mentorship.MeetsBy
OURS = "https://ours.example/{pair}"
THEIRS = "https://theirs.example/{meeting}"


@pytest.fixture
def pair():
    return MentorshipFactory()


def side(pair, role):
    return pair.participants.get(role=role)


def person(pair, role="mentee"):
    return side(pair, role).user


def council(pair, role):
    return side(pair, role).enrolment.organisation


def give(thing, link):
    thing.room_link = link
    thing.save()


def proposed(pair, **fields):
    return booking.propose(Mentorship.objects.get(pk=pair.pk), by=person(pair), times=[soon(48)], **fields)


def room(pair, kind="pair", host="ours.example"):
    return f"https://{host}/{elsewhere.name(kind, pair.pk)}"


def test_the_pair_comes_before_the_programme_before_the_mentors_organisation(pair):
    give(council(pair, "mentee"), "https://not-this.example/{pair}")
    assert usual(pair).whose == BUILT_IN
    give(council(pair, "mentor"), "https://council.example/{pair}")
    assert (usual(pair).whose, usual(pair).words) == (ORGANISATION, "https://council.example/{pair}")
    give(pair.programme, OURS)
    assert (usual(pair).whose, usual(pair).words) == (PROGRAMME, OURS)
    mentorships.choose_room(pair, by=person(pair), meets_by="link", room_link=THEIRS)
    pair.refresh_from_db()
    assert (usual(pair).whose, usual(pair).words) == (PAIR, THEIRS)
    mentorships.choose_room(pair, by=person(pair), meets_by="room")
    pair.refresh_from_db()
    assert (usual(pair).whose, usual(pair).words) == (PAIR, "")


def test_a_proposal_without_a_place_gets_the_room(pair):
    assert proposed(pair).place == ""
    give(pair.programme, OURS)
    assert proposed(pair).place == room(pair)
    give(pair.programme, THEIRS)
    meeting = proposed(pair)
    assert meeting.place == room(meeting, "meeting", "theirs.example")


def test_what_was_typed_stays(pair):
    give(pair.programme, OURS)
    assert proposed(pair, place="https://typed.example/x").place == "https://typed.example/x"


@pytest.mark.parametrize("channel", ["phone", "in-person"])
def test_a_room_is_no_place_for_another_way_of_meeting(pair, channel):
    give(pair.programme, OURS)
    assert proposed(pair, channel=channel).place == ""


@pytest.mark.parametrize(
    ("meets_by", "words"), [("phone", "Bryn rings 0117 496 0000"), ("in-person", "Town hall, room 2")]
)
def test_number_and_place_of_the_pair_stand_in_its_meetings(client, pair, meets_by, words):
    mentorships.choose_room(pair, by=person(pair), meets_by=meets_by, room_link=words)
    assert proposed(pair, channel=meets_by).place == words
    assert proposed(pair, channel="video").place == ""

    client.force_login(person(pair, "mentor"))
    page = client.get(reverse("meetings:propose", args=[pair.pk]))
    assert page.context["form"].initial == {"channel": meets_by, "place": words}


def test_the_form_leaves_the_place_to_the_room_and_copies_no_old_link(client, pair):
    give(pair.programme, THEIRS)
    proposed(pair)
    client.force_login(person(pair))
    page = client.get(reverse("meetings:propose", args=[pair.pk]))
    assert page.context["form"].initial == {"channel": "video", "place": ""}


def test_a_meeting_that_was_proposed_before_there_was_a_room_gets_it_when_it_is_agreed(pair):
    meeting = proposed(pair)
    give(pair.programme, OURS)
    booking.accept(meeting, by=person(pair, "mentor"), starts_at=soon(48))
    meeting.refresh_from_db()
    assert meeting.place == room(pair)


def test_links_that_were_sent_are_not_moved(pair):
    give(pair.programme, OURS)
    meeting = proposed(pair)
    give(pair.programme, "https://new.example/{pair}")
    booking.accept(meeting, by=person(pair, "mentor"), starts_at=soon(48))
    mentorships.choose_room(pair, by=person(pair), meets_by="phone", room_link="0117 496 0000")
    meeting.refresh_from_db()
    assert meeting.place == room(pair)


def test_emptying_the_place_of_a_meeting_puts_it_back_into_the_usual_room_once(pair):
    give(pair.programme, OURS)
    meeting = proposed(pair, place="https://typed.example/x")
    meeting = booking.say_where(meeting, by=person(pair), channel="video", place="")
    assert meeting.place == room(pair)
    booking.say_where(meeting, by=person(pair), channel="video", place="")
    assert Event.objects.filter(verb="meeting.placed").count() == 1


def test_only_the_two_choose_and_only_while_it_goes_on(pair):
    for who in (UserFactory(), coordinator_of(pair.programme)):
        with pytest.raises(Refused, match="Only the two people"):
            mentorships.choose_room(pair, by=who, meets_by="phone")
    mentorships.end(pair, by=person(pair), reason="complete")
    with pytest.raises(Refused, match="has ended"):
        mentorships.choose_room(pair, by=person(pair), meets_by="phone")


def test_a_choice_is_on_record_without_the_number(pair):
    mentorships.choose_room(pair, by=person(pair), meets_by="phone", room_link="0117 496 0000")
    mentorships.choose_room(pair, by=person(pair), meets_by="phone", room_link="0117 496 0000")
    [event] = Event.objects.filter(verb="mentorship.room_chosen")
    assert event.details == {"meets_by": "phone"}


def test_the_number_is_handed_over_and_erased(pair):
    mentorships.choose_room(pair, by=person(pair), meets_by="phone", room_link="0117 496 0000")
    [held] = privacy.holds(person(pair, "mentor"))["mentorships"]
    assert held["mentorship__room_link"] == "0117 496 0000"
    privacy.erase(person(pair))
    pair.refresh_from_db()
    assert (pair.meets_by, pair.room_link) == ("", "")


def pair_form(client, pair, role="mentee", **given):
    client.force_login(person(pair, role))
    return client.post(reverse("meetings:pair_room", args=[pair.pk]), given)


@pytest.mark.parametrize("role", ["mentee", "mentor"])
def test_either_side_chooses_on_their_page(client, pair, role):
    answer = pair_form(client, pair, role, meets_by="in-person", room_link="  Town   hall ")
    assert answer["Location"] == reverse("mentorships:detail", args=[pair.pk])
    page = client.get(answer["Location"]).content.decode()
    assert "In person" in page
    assert "Town hall" in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"meets_by": "link", "room_link": ""}, "Give the address of your room"),
        ({"meets_by": "link", "room_link": "http://x.example/"}, "begin with https://"),
        ({"meets_by": "link", "room_link": "https://x.example/{nothing}"}, "We do not know {nothing}"),
        ({"meets_by": "phone", "room_link": "ring me"}, "Give the number"),
        ({"meets_by": "carrier pigeon"}, "choose one of the answers"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(client, pair, given, words):
    answer = pair_form(client, pair, **given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    pair.refresh_from_db()
    assert (pair.meets_by, pair.room_link) == ("", "")


def test_a_preview_shows_the_link_and_keeps_nothing(client, pair):
    answer = pair_form(client, pair, meets_by="link", room_link=THEIRS, preview="1")
    assert elsewhere.example(THEIRS) in answer.content.decode()
    pair.refresh_from_db()
    assert pair.meets_by == ""


def test_words_of_another_choice_are_dropped(client, pair):
    pair_form(client, pair, meets_by="room", room_link="https://x.example/")
    pair.refresh_from_db()
    assert (pair.meets_by, pair.room_link) == ("room", "")


def test_others_find_no_page_of_the_pair(client, pair):
    for who in (UserFactory(), coordinator_of(pair.programme), owner_of(pair.programme.pool), GrantFactory().user):
        client.force_login(who)
        assert client.get(reverse("meetings:pair_room", args=[pair.pk])).status_code == 404


def administrator(organisation):
    return GrantFactory(role=Grant.Role.ORGANISATION_ADMINISTRATOR, scope=organisation).user


def save(client, user, name, slug, link, **more):
    client.force_login(user)
    return client.post(reverse(f"meetings:{name}", args=[slug]), {"room_link": link, **more})


@pytest.mark.parametrize("who", ["coordinator", "owner"])
def test_the_programmes_room_is_set_by_those_who_run_it(client, pair, who):
    programme = pair.programme
    user = coordinator_of(programme) if who == "coordinator" else owner_of(programme.pool)
    assert save(client, user, "programme_room", programme.slug, OURS).status_code == 302
    programme.refresh_from_db()
    assert programme.room_link == OURS


def test_the_organisations_room_is_set_by_its_administrator(client, pair):
    organisation = council(pair, "mentor")
    assert save(client, administrator(organisation), "organisation_room", organisation.slug, OURS).status_code == 302
    organisation.refresh_from_db()
    assert organisation.room_link == OURS


@pytest.mark.parametrize("name", ["programme_room", "organisation_room"])
def test_strangers_find_no_page(client, pair, name):
    slug = pair.programme.slug if name == "programme_room" else council(pair, "mentor").slug
    for who in (UserFactory(), person(pair), administrator(council(MentorshipFactory(), "mentor"))):
        assert save(client, who, name, slug, OURS).status_code == 404
    assert not usual(pair).words


def test_the_owner_of_a_pool_looks_at_an_organisation_and_does_not_set_its_room(client, pair):
    organisation = council(pair, "mentor")
    assert save(client, owner_of(pair.programme.pool), "organisation_room", organisation.slug, OURS).status_code == 403


def test_a_room_for_everybody_is_refused_at_its_field(client, pair):
    answer = save(
        client, coordinator_of(pair.programme), "programme_room", pair.programme.slug, "https://one.example/room"
    )
    assert answer.status_code == 422
    assert "Every pair would meet in the same room" in answer.content.decode()


def test_a_preview_of_the_programmes_room(client, pair):
    user, slug = coordinator_of(pair.programme), pair.programme.slug
    answer = save(client, user, "programme_room", slug, OURS, preview="1")
    assert elsewhere.example(OURS) in answer.content.decode()
    pair.programme.refresh_from_db()
    assert pair.programme.room_link == ""
    empty = client.get(reverse("meetings:programme_room", args=[slug])).content.decode()
    assert "No address: pairs meet in the room built into Commonhall" in empty


def test_a_finished_programme_is_not_changed(client, pair):
    pair.programme.state = "finished"
    pair.programme.save()
    answer = save(client, coordinator_of(pair.programme), "programme_room", pair.programme.slug, OURS)
    assert answer.status_code == 403


@pytest.fixture
def jitsi(settings):
    settings.EMBEDDED_ROOM_HOSTS = ["meet.example.org"]


def policy(answer):
    return dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))


def opened(client, meeting, who=None):
    client.force_login(who or person(meeting.mentorship))
    return client.get(reverse("meetings:call", args=[meeting.pk]))


def test_a_call_on_a_named_server_stands_inside_our_page(client, jitsi, pair):
    meeting = MeetingFactory(mentorship=pair, place="https://meet.example.org/abc")
    answer = opened(client, meeting)

    assert policy(answer)["frame-src"] == "https://meet.example.org"
    page = answer.content.decode()
    assert '<iframe class="call-frame" src="https://meet.example.org/abc"' in page
    assert 'href="https://meet.example.org/abc" target="_blank"' in page
    assert "<script" not in page.split("<iframe")[1]


def test_no_other_page_may_frame_anything(client, jitsi, pair):
    meeting = MeetingFactory(mentorship=pair, place="https://meet.example.org/abc")
    opened(client, meeting)
    other = client.get(reverse("meetings:detail", args=[meeting.pk]))

    assert "frame-src" not in policy(other)
    assert reverse("meetings:call", args=[meeting.pk]) in other.content.decode()


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example/abc",
        "https://meet.example.org.evil.example/abc",
        "https://meet.example.org@evil.example/abc",
        "http://meet.example.org/abc",
        "https://meet.example.org:444/abc",
        "0117 496 0000",
        "",
    ],
)
def test_no_other_server_is_framed(client, jitsi, pair, place):
    meeting = MeetingFactory(mentorship=pair, place=place)
    assert opened(client, meeting).status_code == 404
    page = client.get(reverse("meetings:detail", args=[meeting.pk])).content.decode()
    assert reverse("meetings:call", args=[meeting.pk]) not in page


def test_without_a_setting_nothing_is_framed(client, pair):
    assert settings.EMBEDDED_ROOM_HOSTS == []
    assert opened(client, MeetingFactory(mentorship=pair, place="https://meet.example.org/abc")).status_code == 404


def test_only_the_people_of_the_meeting_get_in(client, jitsi, pair):
    meeting = MeetingFactory(mentorship=pair, place="https://meet.example.org/abc")
    for who in (UserFactory(), coordinator_of(pair.programme)):
        assert opened(client, meeting, who).status_code == 404


def test_telephone_and_in_person_are_choices_like_the_others(client, pair):
    client.force_login(person(pair))
    page = client.get(reverse("meetings:pair_room", args=[pair.pk])).content.decode()
    for value in MeetsBy.values:
        assert f'name="meets_by" value="{value}"' in page
