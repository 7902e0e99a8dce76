import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from commonhall.core import clock
from commonhall.mentorships.actions import end
from commonhall.organisations.models import Grant
from commonhall.privacy.queries import held_about
from commonhall.workspace import privacy
from commonhall.workspace.actions import messages
from commonhall.workspace.models import Block, Correspondence, Message, Report
from commonhall.workspace.queries.messages import MOST_AT_ONCE
from tests.factories.accounts import UserFactory
from tests.factories.mentorships import MentorshipFactory
from tests.factories.organisations import GrantFactory
from tests.factories.programmes import owner_of

pytestmark = pytest.mark.django_db
SECRET = "The hearing went badly, and I am glad"


@pytest.fixture
def said(pair, people):
    return messages.send(pair, by=people[0], text=SECRET)


@pytest.fixture
def address(pair):
    return reverse("workspace:thread", args=[pair.pk])


def page_of(client, user, address):
    client.force_login(user)
    return client.get(address).content.decode()


@pytest.fixture
def strangers(pair, coordinator):
    """One of each kind of person who is not in the thread."""
    organisation = pair.participants.first().enrolment.organisation
    return {
        "coordinator": coordinator,
        "owner of the pool": owner_of(pair.programme.pool),
        "organisation administrator": GrantFactory(role=Grant.Role.ORGANISATION_ADMINISTRATOR, scope=organisation).user,
        "site administrator": GrantFactory().user,
        "another mentor": MentorshipFactory(programme=pair.programme).participants.get(role="mentor").user,
        "outsider": UserFactory(),
    }


def test_nobody_outside_reads_or_does_anything_in_a_thread(client, pair, people, said, strangers, address):
    block = messages.block(pair, by=people[1], user=people[0])
    get = [address, *(reverse(f"workspace:message_{one}", args=[said.pk]) for one in ("edit", "report"))]
    get.append(reverse("workspace:block", args=[pair.pk, people[0].pk]))
    post = [*get, reverse("workspace:thread_read", args=[pair.pk]), reverse("workspace:message_delete", args=[said.pk])]
    post.append(reverse("workspace:lift", args=[block.pk]))
    for who, user in strangers.items():
        client.force_login(user)
        assert {client.get(one).status_code for one in get} == {404}, who
        assert {client.post(one, {"text": "x", "version": 1}).status_code for one in post} == {404}, who
    assert Message.objects.get().text == SECRET
    assert not Report.objects.exists()
    assert Block.objects.standing().count() == 1


def test_what_is_handed_over_about_anybody_else_holds_none_of_it(said, people, strangers):
    for who, user in strangers.items():
        assert SECRET not in json.dumps(held_about(user), default=str), who
    for user in people:
        assert SECRET in json.dumps(held_about(user), default=str)


def test_the_page_of_the_pair_leads_the_two_to_what_is_new_and_shows_the_coordinator_nothing(
    client, pair, people, coordinator, said, address
):
    outside = reverse("mentorships:detail", args=[pair.pk])
    assert re.search(rf"{address}.*?1 new", page_of(client, people[1], outside), re.DOTALL)
    assert "1 new" not in page_of(client, people[0], outside)
    shown = page_of(client, coordinator, outside)
    assert address not in shown
    assert "thread:" not in shown


def test_one_writes_by_a_plain_form_and_the_other_reads_it_as_text(client, pair, people, address):
    client.force_login(people[0])
    form = client.get(address).context["form"]
    token = form.initial["token"]
    for _press in range(2):
        answer = client.post(address, {"text": "<script>alert(1)</script>\nsecond line", "token": token, "seen": "0"})
        assert answer.url == address + "#newest"
    shown = page_of(client, people[1], address)
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt;<br>second line") == 1
    assert "<script>alert" not in shown


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (" \u202e ", "Write something first."),
        ("x" * 2 * 2**20, "is too long: 10000 characters fit, and there are 2097152."),
    ],
)
def test_nothing_and_two_megabytes_get_words_at_the_field(client, people, address, typed, words):
    client.force_login(people[0])
    answer = client.post(address, {"text": typed})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert words in shown
    assert shown.count("x" * 1000) == (len(typed) // 1000 if "x" in typed else 0)
    assert not Message.objects.exists()


def test_words_that_come_too_late_stay_in_the_box(client, pair, people, address):
    client.force_login(people[0])
    client.get(address)
    end(pair, by=people[1], reason="complete")
    answer = client.post(address, {"text": "My long goodbye"})
    assert "has ended" in answer.content.decode()
    assert ">My long goodbye</textarea>" in answer.content.decode().replace("\n", "")


def test_after_the_end_it_reads_and_offers_nothing_to_write(client, pair, people, said, address):
    end(pair, by=people[1], reason="complete")
    shown = page_of(client, people[0], address)
    assert SECRET in shown
    assert "can be read and taken away, not changed" in shown
    assert "<textarea" not in shown
    assert "Edit or delete" not in shown


def test_the_newest_stand_on_the_first_page_and_the_others_behind_it(client, pair, people, address):
    for number in range(MOST_AT_ONCE + 5):
        messages.send(pair, by=people[number % 2], text=f"Line {number:03}")
    shown = page_of(client, people[0], address)
    assert re.findall(r"Line \d+", shown) == [f"Line {number:03}" for number in range(5, MOST_AT_ONCE + 5)]
    earlier = re.search(r'href="(\?before=\d+)"', shown)[1]
    older = client.get(address + earlier).content.decode()
    assert re.findall(r"Line \d+", older) == [f"Line {number:03}" for number in range(5)]
    assert "data-live" not in older


@pytest.mark.parametrize("before", ["0", "x", "-1", "9" * 30, "²"])
def test_an_odd_place_in_the_thread_shows_something(client, people, said, address, before):
    client.force_login(people[0])
    assert client.get(address, {"before": before}).status_code == 200


@pytest.mark.parametrize("number", [1, 3, 60])
def test_a_thread_asks_as_often_for_many_messages_as_for_one(
    client, pair, people, address, number, django_assert_num_queries
):
    Message.objects.bulk_create(Message(mentorship=pair, author=people[0], text=f"No {one}") for one in range(number))
    client.force_login(people[1])
    client.get(address)
    with django_assert_num_queries(7):
        shown = client.get(address).content.decode()
    assert f"No {number - 1}" in shown


def test_sending_asks_a_constant_number_of_questions(client, pair, people, address, django_assert_num_queries):
    Message.objects.bulk_create(Message(mentorship=pair, author=people[0], text=f"No {one}") for one in range(100))
    client.force_login(people[1])
    client.post(address, {"text": "First", "token": "a", "seen": "1"})
    with django_assert_num_queries(19):
        client.post(address, {"text": "Second", "token": "b", "seen": "1"})


def test_what_is_new_is_marked_until_it_is_read(client, pair, people, said, address):
    shown = page_of(client, people[1], address)
    assert 'id="new"' in shown
    assert f'name="up_to" value="{said.pk}"' in shown
    client.post(reverse("workspace:thread_read", args=[pair.pk]), {"up_to": said.pk})
    assert 'id="new"' not in page_of(client, people[1], address)


def test_looking_changes_nothing(client, pair, people, said, address):
    """A link that is followed by a scanner reads nothing on anybody's behalf."""
    page_of(client, people[1], address)
    assert 'id="new"' in page_of(client, people[1], address)


def test_what_a_page_fetches_again_equals_its_part_of_the_page(client, people, said, address):
    client.force_login(people[1])
    plain, again = (client.get(address, headers=more).content.decode() for more in ({}, {"HX-Request": "true"}))
    part = re.compile(r'<div id="thread".*?<section', re.DOTALL)
    without = re.compile(r'value="[\w-]{30,}"')
    assert without.sub("", part.search(plain)[0]) == without.sub("", part.search(again)[0])
    assert 'hx-trigger="rung"' in plain


def test_a_message_is_corrected_and_deleted_by_forms(client, pair, people, said, address):
    client.force_login(people[0])
    edit = reverse("workspace:message_edit", args=[said.pk])
    assert SECRET in client.get(edit).content.decode()
    client.post(edit, {"text": "It went well", "version": 1})
    assert "It went well" in page_of(client, people[1], address)
    client.force_login(people[0])
    stale = client.post(edit, {"text": "From another window", "version": 1})
    assert "elsewhere in the meantime" in stale.content.decode()
    assert "From another window" in stale.content.decode()
    client.post(reverse("workspace:message_delete", args=[said.pk]))
    shown = page_of(client, people[1], address)
    assert "This message was deleted." in shown
    assert "It went well" not in shown


def test_too_late_the_reason_is_said(client, people, said):
    client.force_login(people[0])
    with clock.moved_to(clock.now() + timedelta(minutes=16)):
        answer = client.get(reverse("workspace:message_edit", args=[said.pk]))
    assert answer.status_code == 403
    assert "15 minutes" in answer.content.decode()


def test_reporting_says_before_what_is_handed_over_and_shows_the_coordinator_that_alone(
    client, pair, people, coordinator, said
):
    messages.send(pair, by=people[0], text="Nobody else’s business")
    client.force_login(people[1])
    report = reverse("workspace:message_report", args=[said.pk])
    before = client.get(report).content.decode()
    assert "You hand this one message to the people who run the programme." in before
    assert SECRET in before
    client.post(report, {"words": "Please look"})
    reports = reverse("workspace:reports", args=[pair.programme.slug])
    shown = page_of(client, coordinator, reports)
    assert SECRET in shown
    assert "Please look" in shown
    assert "Nobody else’s business" not in shown
    client.post(reverse("workspace:report_close", args=[Report.objects.get().pk]))
    assert "Dealt with" in page_of(client, coordinator, reports)


def test_reports_are_for_those_who_run_the_programme(client, pair, people, said, strangers):
    messages.report(said, by=people[1], words="")
    reports = reverse("workspace:reports", args=[pair.programme.slug])
    close = reverse("workspace:report_close", args=[Report.objects.get().pk])
    seen = {}
    for who, user in {**strangers, "mentee": people[0], "mentor": people[1]}.items():
        client.force_login(user)
        seen[who] = client.get(reports).status_code
        if seen[who] == 404:
            assert client.post(close).status_code == 404
    assert {who for who, status in seen.items() if status == 200} == {"coordinator", "owner of the pool"}


def test_blocking_says_before_what_follows_and_is_lifted_on_the_page(client, pair, people, address):
    client.force_login(people[1])
    block = reverse("workspace:block", args=[pair.pk, people[0].pk])
    assert "Your mentorship is paused" in client.get(block).content.decode()
    client.post(block)
    shown = page_of(client, people[1], address)
    assert f"You have blocked {people[0].name}." in shown
    assert "<textarea" not in shown
    client.post(reverse("workspace:lift", args=[Block.objects.get().pk]))
    assert "<textarea" in page_of(client, people[1], address)


def test_each_chooses_for_themselves_when_and_how_they_are_told(client, people):
    client.force_login(people[0])
    mine = reverse("workspace:correspondence")
    client.post(mine, {"with_words": "on", "quiet_from": "18:00", "quiet_until": "09:30"})
    row = Correspondence.objects.get()
    assert (row.user, row.with_words, row.only_on_working_days) == (people[0], True, False)
    assert 'value="18:00"' in client.get(mine).content.decode()
    assert 'value="20:00"' in page_of(client, people[1], mine)
    client.force_login(people[0])
    assert client.post(mine, {"quiet_from": "25:00", "quiet_until": "09:30"}).status_code == 422


def test_erased_the_words_go_and_that_somebody_wrote_stays(client, pair, people, said, address):
    messages.report(said, by=people[1], words="This is between me and you")
    answer = messages.send(pair, by=people[1], text="An answer")
    privacy.erase(people[0])
    said.refresh_from_db()
    assert (said.text, said.author) == ("", None)
    assert said.deleted_at
    assert Report.objects.get().text == ""
    shown = page_of(client, people[1], address)
    assert "The words went with the person who wrote them." in shown
    assert answer.text in shown
    privacy.erase(people[1])
    assert Report.objects.get().words == ""
    assert set(Message.objects.values_list("text", flat=True)) == {""}
