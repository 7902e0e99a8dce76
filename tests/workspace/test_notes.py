from datetime import timedelta

import pytest
from django.urls import reverse

from commonhall.core import clock
from commonhall.core.errors import Conflict, Refused
from commonhall.history.models import Event
from commonhall.mentorships.actions import end
from commonhall.workspace import merging, privacy
from commonhall.workspace.actions import notes
from commonhall.workspace.actions.notes import Change
from commonhall.workspace.document import lines, paragraphs
from commonhall.workspace.models import Note, NoteUpdate, NoteVersion
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def said(note):
    return list(lines(merging.read(notes.contents(note))))


def typed(note, user, words):
    """As the editor sends it."""
    update = merging.appended(notes.contents(note), paragraphs(words))
    notes.save([Change(note.pk, user.pk, update)])


def test_words_added_by_either_stand_one_below_the_other(note, people):
    notes.append(note, by=people[0], words="What I want")
    notes.append(note, by=people[1], words="What I offer\nand more")
    assert said(note) == ["What I want", "What I offer", "and more"]


def test_a_stranger_and_the_coordinator_write_nothing(note, coordinator):
    for user in (UserFactory(), coordinator):
        with pytest.raises(Refused):
            notes.append(note, by=user, words="Let me see")
    assert said(note) == []


def test_after_the_end_nothing_is_written_by_any_way(pair, note, people):
    end(pair, by=people[0], reason="complete")
    with pytest.raises(Refused):
        notes.append(note, by=people[0], words="One more thing")
    update = merging.appended(merging.EMPTY, paragraphs("Still typing"))
    assert notes.save([Change(note.pk, people[0].pk, update)]) == {note.pk}
    assert said(note) == []


def test_updates_for_several_notes_are_written_at_once_and_a_closed_one_does_not_stop_the_others(pair, note, people):
    other = notes.create(pair, by=people[0], title="Put away")
    notes.put_away(other, by=people[0], away=True)
    update = merging.appended(merging.EMPTY, paragraphs("Typed"))
    changes = [Change(note.pk, people[0].pk, update), Change(other.pk, people[0].pk, update)]
    assert notes.save(changes) == {other.pk}
    assert (said(note), said(other)) == (["Typed"], [])


@pytest.mark.parametrize("number", [1, 40])
def test_writing_many_updates_asks_as_many_questions_as_one(note, people, number, django_assert_num_queries):
    update = merging.appended(merging.EMPTY, paragraphs("Typed"))
    with django_assert_num_queries(5):
        notes.save([Change(note.pk, people[0].pk, update)] * number)


def test_a_version_is_kept_after_a_pause_with_its_authors_and_only_once(note, people):
    begun = clock.now()
    with clock.moved_to(begun):
        typed(note, people[1], "First words")
        assert notes.keep_versions() == 0
    with clock.moved_to(begun + timedelta(minutes=4)):
        assert (notes.keep_versions(), notes.keep_versions()) == (1, 0)
    version = NoteVersion.objects.get()
    assert version.authors == [people[1].pk]
    assert list(lines(merging.read(version.data))) == ["First words"]
    assert Event.objects.filter(verb="note.changed").count() == 1


def test_while_it_is_written_without_pause_a_version_is_kept_now_and_then(note, people):
    begun = note.created_at
    for minute in (0, 2, 4, 19, 21, 23):
        with clock.moved_to(begun + timedelta(minutes=minute, seconds=1)):
            typed(note, people[0], f"Minute {minute}")
            notes.keep_versions()
    assert [row.at - begun for row in NoteVersion.objects.all()] == [timedelta(minutes=21, seconds=1)]


def test_an_earlier_version_is_put_back_and_what_was_there_is_kept(note, people):
    typed(note, people[0], "The good words")
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        notes.keep_versions()
    good = NoteVersion.objects.get()
    typed(note, people[1], "A slip")
    notes.restore(good, by=people[0])
    assert said(note) == ["The good words"]
    kept = NoteVersion.objects.exclude(pk=good.pk).get()
    assert list(lines(merging.read(kept.data))) == ["The good words", "A slip"]
    with pytest.raises(Conflict):
        notes.restore(good, by=people[0])


def test_many_updates_become_one_that_reads_the_same(note, people):
    for number in range(notes.MANY):
        typed(note, people[number % 2], f"Line {number}")
    before = said(note)
    assert notes.compact(note) == notes.MANY
    assert note.updates.count() == 1
    assert said(note) == before
    assert notes.compact(note) == 0


def test_one_update_of_a_few_megabytes_is_too_long(note, people, monkeypatch):
    monkeypatch.setattr(notes, "LARGEST", 1000)
    with pytest.raises(Refused, match="too long"):
        notes.append(note, by=people[0], words="x" * 2000)
    assert not NoteUpdate.objects.exists()


def test_the_words_are_handed_over_and_go_with_the_person(note, people):
    typed(note, people[0], "Between us")
    assert privacy.holds(people[1])["notes"][0]["text"] == "Between us"
    privacy.erase(people[1])
    assert not Note.objects.exists()


PAGES = ("note", "note_rename", "note_versions", "note_markdown", "note_docx")


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_a_note_are_for_its_two_people_alone(client, note, people, coordinator, name):
    address = reverse(f"workspace:{name}", args=[note.pk])
    seen = {}
    for user in (people[0], people[1], coordinator, UserFactory()):
        client.force_login(user)
        seen[user.pk] = client.get(address).status_code
    assert list(seen.values()) == [200, 200, 404, 404]


def test_a_note_reads_without_a_script_and_takes_words_by_form(client, note, people):
    client.force_login(people[0])
    client.post(reverse("workspace:note_append", args=[note.pk]), {"words": "Typed <b>by</b> form"})
    page = client.get(reverse("workspace:note", args=[note.pk])).content.decode()
    assert "<p>Typed &lt;b&gt;by&lt;/b&gt; form</p>" in page
    empty = client.post(reverse("workspace:note_append", args=[note.pk]), {"words": " "})
    assert "Write something to add." in empty.content.decode()


def test_a_version_of_another_note_is_not_found(client, pair, note, people):
    other = notes.create(pair, by=people[0], title="Other")
    typed(other, people[0], "Words")
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        notes.keep_versions()
    client.force_login(people[0])
    version = NoteVersion.objects.get()
    assert client.get(reverse("workspace:note_version", args=[other.pk, version.pk])).status_code == 200
    assert client.get(reverse("workspace:note_version", args=[note.pk, version.pk])).status_code == 404


def test_a_new_note_needs_a_title_and_opens_at_once(client, pair, people):
    client.force_login(people[0])
    address = reverse("workspace:notes", args=[pair.pk])
    assert "Give the note a title" in client.post(address, {"title": " "}).content.decode()
    response = client.post(address, {"title": "Our\u202e goals"})
    note = Note.objects.get()
    assert note.title == "Our goals"
    assert response.url == reverse("workspace:note", args=[note.pk])


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_often_for_three_notes_as_for_one(client, pair, people, number, django_assert_num_queries):
    for place in range(number):
        notes.create(pair, by=people[0], title=f"Note {place}")
    client.force_login(people[0])
    address = reverse("workspace:notes", args=[pair.pk])
    client.get(address)
    with django_assert_num_queries(5):
        page = client.get(address).content.decode()
    assert f"Note {number - 1}" in page
