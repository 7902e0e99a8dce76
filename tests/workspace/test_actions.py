from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from commonhall.core import clock
from commonhall.core.errors import Refused
from commonhall.history.models import Event
from commonhall.workspace import merging
from commonhall.workspace.actions import actions, notes
from commonhall.workspace.document import Block, Piece
from commonhall.workspace.models import Action, NoteUpdate
from commonhall.workspace.queries.actions import to_do
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(pair, people):
    return actions.add(pair, by=people[0], words="Shadow the committee", owner=people[0], due_on=clock.today())


def line(words):
    return Block("paragraph", pieces=(Piece(words),))


def task(words, checked=False):
    return Block("taskItem", (("checked", checked),), (line(words),))


def put(note, *blocks):
    NoteUpdate.objects.create(note=note, data=merging.replaced(notes.contents(note), blocks))


def test_open_tasks_of_a_note_become_actions_once(note, people):
    mentee, mentor = people
    mentor.name = "Bo Lind"
    mentor.save()
    put(
        note,
        Block("heading", (("level", 2),), pieces=(Piece("Agreed"),)),
        Block(
            "taskList",
            children=(task("@mentee: shadow planning committee by 12 May"), task("done already", checked=True)),
        ),
        Block("bulletList", children=(Block("listItem", children=(line("[ ] @Bo: send the template"),)),)),
        line("- [ ] @both: meet the clerk"),
        line("Just a line"),
    )
    made = actions.take_from_note(note, by=mentee)
    assert {(one.words, one.owner) for one in made} == {
        ("shadow planning committee", mentee),
        ("send the template", mentor),
        ("meet the clerk", mentee),
        ("meet the clerk", mentor),
    }
    assert {one.due_on and (one.due_on.day, one.due_on.month) for one in made} == {(12, 5), None}
    assert actions.take_from_note(note, by=mentor) == []


def test_both_taking_over_at_once_make_each_action_once(note, people, together):
    put(note, Block("taskList", children=(task("@mentee: read"), task("@mentor: write"))))
    results = together(*(lambda user=user: actions.take_from_note(note, by=user) for user in people))
    assert not [one for one in results if isinstance(one, Exception)]
    assert sorted(Action.objects.values_list("words", flat=True)) == ["read", "write"]


def test_both_finishing_at_once_finish_it_once(action, people, together):
    results = together(*(lambda user=user: actions.finish(action, by=user, done=True) for user in people))
    assert not [one for one in results if isinstance(one, Exception)]
    assert Event.objects.filter(verb="action.done").count() == 1
    action.refresh_from_db()
    assert action.done_by in people


def test_only_people_of_the_pair_take_something_on(pair, people):
    with pytest.raises(Refused, match="take something on"):
        actions.add(pair, by=people[0], words="For a stranger", owner=UserFactory())


def test_a_stranger_and_the_coordinator_finish_nothing(action, coordinator):
    for user in (UserFactory(), coordinator):
        with pytest.raises(Refused):
            actions.finish(action, by=user, done=True)
    action.refresh_from_db()
    assert action.done_at is None


def test_the_owner_is_reminded_once_for_each_day_that_it_names(action, people, run_jobs):
    today = clock.now()
    actions.change(action, by=people[0], words="Shadow", owner=people[0], due_on=(today + timedelta(days=5)).date())
    assert actions.remind() == 0
    with clock.moved_to(today + timedelta(days=3)):
        assert (actions.remind(), actions.remind()) == (1, 0)
        run_jobs()
        (letter,) = [one for one in mail.outbox if "what you said to" in one.subject]
        assert letter.to == [people[0].email]
        assert "Shadow" in letter.body
        actions.change(action, by=people[0], words="Shadow", owner=people[0], due_on=(today + timedelta(days=4)).date())
        assert actions.remind() == 1
        actions.finish(action, by=people[0], done=True)
        run_jobs()
    assert len([one for one in mail.outbox if "what you said to" in one.subject]) == 1


def test_the_list_puts_mine_first_and_what_is_done_last(pair, people, action):
    later = actions.add(pair, by=people[0], words="Later", owner=people[0])
    theirs = actions.add(pair, by=people[0], words="Theirs", owner=people[1])
    seen = to_do(pair, people[0])
    assert (seen.mine, seen.theirs, seen.done) == ((action, later), (theirs,), ())
    actions.finish(action, by=people[1], done=True)
    assert to_do(pair, people[0]).done == (action,)


def test_an_action_is_added_and_ticked_off_by_form(client, pair, people):
    client.force_login(people[0])
    address = reverse("workspace:actions", args=[pair.pk])
    refused = client.post(address, {"words": "", "owner": people[1].pk}).content.decode()
    assert "Say what will be done." in refused
    client.post(address, {"words": "Send the draft", "owner": people[1].pk, "due_on": ""})
    action = Action.objects.get()
    assert action.owner == people[1]
    client.post(reverse("workspace:action_done", args=[action.pk]), {"done": "yes"})
    assert f"Done: {action.words}" in client.get(address).content.decode()
    action.refresh_from_db()
    assert action.done_by == people[0]


@pytest.mark.parametrize("name", ["action_edit"])
def test_an_action_is_for_the_two_alone(client, action, people, coordinator, name):
    seen = []
    for user in (*people, coordinator, UserFactory()):
        client.force_login(user)
        seen.append(client.get(reverse(f"workspace:{name}", args=[action.pk])).status_code)
    assert seen == [200, 200, 404, 404]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_often_for_three_actions_as_for_one(client, pair, people, number, django_assert_num_queries):
    for place in range(number):
        actions.add(pair, by=people[0], words=f"Action {place}", owner=people[place % 2])
    client.force_login(people[0])
    address = reverse("workspace:actions", args=[pair.pk])
    client.get(address)
    with django_assert_num_queries(5):
        assert f"Action {number - 1}" in client.get(address).content.decode()
