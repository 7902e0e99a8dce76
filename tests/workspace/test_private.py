import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from commonhall.config.cli import main
from commonhall.history.models import Event
from commonhall.mentorships.actions import end
from commonhall.privacy import queries as data
from commonhall.workspace import privacy, vault
from commonhall.workspace.actions import private
from commonhall.workspace.models import PersonKey, PrivateNote
from commonhall.workspace.queries.private import own_notes
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
WORDS = "I doubt that she believes me"


@pytest.fixture
def kept(pair, people):
    return private.keep(pair, by=people[0], words=WORDS)


def read(user, pair):
    return [one.words for one in own_notes(user, pair)]


def test_the_author_reads_it_and_the_other_person_sees_nothing(client, kept, pair, people):
    assert read(people[0], pair) == [WORDS]
    assert read(people[1], pair) == []
    client.force_login(people[1])
    page = client.get(reverse("workspace:private", args=[pair.pk])).content.decode()
    assert WORDS not in page
    assert "Nothing kept yet" in page


@pytest.mark.parametrize("name", ["private_note", "private_remove"])
def test_nobody_else_reaches_a_note_of_mine_in_any_way(client, kept, people, coordinator, name):
    address = reverse(f"workspace:{name}", args=[kept.pk])
    for user in (people[1], coordinator, UserFactory()):
        client.force_login(user)
        assert client.post(address, {"words": "Mine now"}).status_code == 404
    assert PrivateNote.objects.get().sealed == kept.sealed


def test_neither_a_dump_nor_the_history_nor_what_is_handed_to_others_holds_the_words(kept, people, capsys):
    call_command("dumpdata", "--all")
    assert WORDS not in capsys.readouterr().out
    assert not Event.objects.filter(details__icontains="doubt").exists()
    for user in people:
        assert WORDS not in data.as_text(data.held_about(user))


def test_the_author_takes_the_words_along(client, kept, people):
    client.force_login(people[0])
    handed = json.loads(client.post("/my-data/download/").content)
    assert [one["text"] for one in handed["workspace"]["private_notes"]] == [WORDS]
    client.force_login(people[1])
    assert WORDS not in client.post("/my-data/download/").content.decode()


def test_each_person_has_a_key_of_their_own_which_does_not_open_the_others_notes(kept, pair, people):
    private.keep(pair, by=people[1], words="Mine")
    with pytest.raises(vault.KeyLost):
        vault.unseal(vault.key_of(people[1]), kept.sealed)


def test_two_first_notes_at_once_make_one_key_and_both_can_be_read(pair, people, together):
    together(*(lambda words=words: private.keep(pair, by=people[0], words=words) for words in ("One", "Two")))
    assert PersonKey.objects.count() == 1
    assert sorted(read(people[0], pair)) == ["One", "Two"]


def test_a_new_lock_is_put_on_and_the_old_one_taken_off(kept, pair, people, settings):
    settings.PRIVATE_NOTES_KEYS = ["new", settings.SECRET_KEY]
    assert vault.rewrap() == (1, 0)
    settings.PRIVATE_NOTES_KEYS = ["new"]
    assert read(people[0], pair) == [WORDS]
    settings.PRIVATE_NOTES_KEYS = [settings.SECRET_KEY]
    assert read(people[0], pair) == [""]


def test_with_a_lost_key_the_page_says_so_and_nothing_is_overwritten(client, kept, pair, people, settings):
    settings.PRIVATE_NOTES_KEYS = ["another"]
    client.force_login(people[0])
    assert "The key to this note is lost" in client.get(reverse("workspace:private", args=[pair.pk])).content.decode()
    answer = client.post(reverse("workspace:private_note", args=[kept.pk]), {"words": "Over it"})
    assert answer.status_code == 409
    assert "nobody can open them" in answer.content.decode()
    kept.refresh_from_db()
    settings.PRIVATE_NOTES_KEYS = []
    assert read(people[0], pair) == [WORDS]


def test_the_verb_says_how_many_it_did_and_which_it_could_not(kept, settings, capsys):
    assert main(["rewrap-keys"]) == 0
    assert "1 keys" in capsys.readouterr().out
    settings.PRIVATE_NOTES_KEYS = ["another"]
    assert main(["rewrap-keys"]) == 1
    assert "could not be opened" in capsys.readouterr().err


def test_after_the_end_one_still_keeps_and_changes_notes(client, kept, pair, people):
    end(pair, by=people[1], reason="complete")
    client.force_login(people[0])
    client.post(reverse("workspace:private", args=[pair.pk]), {"words": "Looking back"})
    client.post(reverse("workspace:private_note", args=[kept.pk]), {"words": "She did believe me"})
    assert sorted(read(people[0], pair)) == ["Looking back", "She did believe me"]
    assert (
        "Write something" in client.post(reverse("workspace:private", args=[pair.pk]), {"words": ""}).content.decode()
    )


def test_erasing_a_person_takes_notes_and_key(kept, people):
    privacy.erase(people[0])
    assert not PrivateNote.objects.exists()
    assert not PersonKey.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_often_for_three_notes_as_for_one(client, pair, people, number, django_assert_num_queries):
    for place in range(number):
        private.keep(pair, by=people[0], words=f"Thought {place}")
    client.force_login(people[0])
    address = reverse("workspace:private", args=[pair.pk])
    client.get(address)
    with django_assert_num_queries(6):
        assert f"Thought {number - 1}" in client.get(address).content.decode()
