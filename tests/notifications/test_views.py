import re
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client

from commonhall.notifications import actions, declared, letters, privacy, queries
from commonhall.notifications.kinds import LABELS
from commonhall.notifications.models import Notice, Preference
from commonhall.organisations.models import Grant
from tests.factories.accounts import UserFactory
from tests.factories.notifications import EventFactory, NoticeFactory
from tests.factories.organisations import GrantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    user = UserFactory(name="Ada")
    client.force_login(user)
    return user


def test_the_inbox_shows_ones_own_notices_and_marks_the_new(client, ada):
    NoticeFactory(user=ada, subject="A new one")
    NoticeFactory(user=ada, subject="An old one", read_at="2027-01-01T00:00Z")
    NoticeFactory(subject="Somebody else's")
    page = client.get("/notifications/").content.decode()
    assert "A new one" in page
    assert "Somebody else" not in page
    assert page.count(">New<") == 1


def test_an_empty_inbox_says_what_will_come(client, ada):
    assert "Nothing yet" in client.get("/notifications/").content.decode()


def test_what_people_write_is_shown_as_text(client, ada):
    NoticeFactory(user=ada, subject="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
    page = client.get("/notifications/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_opening_a_notice_reads_it_and_goes_where_it_points(client, ada):
    notice = NoticeFactory(user=ada)
    assert client.post(f"/notifications/{notice.pk}/open/").url == "/meetings/1/"
    notice.refresh_from_db()
    assert notice.read_at


def test_somebody_elses_notice_does_not_exist(client, ada):
    notice = NoticeFactory()
    assert client.post(f"/notifications/{notice.pk}/open/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_looking_reads_nothing(client, ada):
    notice = NoticeFactory(user=ada)
    client.get("/notifications/")
    assert client.get(f"/notifications/{notice.pk}/open/").status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_can_be_marked_as_read_and_only_ones_own(client, ada):
    mine, theirs = NoticeFactory(user=ada), NoticeFactory()
    client.post("/notifications/read/")
    assert queries.unread_count(ada) == 0
    assert queries.unread_count(theirs.user) == 1
    mine.refresh_from_db()
    assert mine.read_at


@pytest.mark.parametrize("number", [1, 3, 25])
def test_the_page_shell_counts_the_unread(client, ada, number):
    NoticeFactory.create_batch(number, user=ada)
    page = client.get("/my-data/").content.decode()
    assert f'<span class="count">{number}</span>' in page


@pytest.mark.parametrize("number", [1, 3, 60])
def test_the_inbox_costs_the_same_for_any_number(client, ada, number, django_assert_max_num_queries):
    NoticeFactory.create_batch(number, user=ada)
    client.get("/notifications/")
    with django_assert_max_num_queries(6):
        client.get("/notifications/")


def test_choices_are_kept_for_each_kind(client, ada):
    client.post("/notifications/preferences/", dict.fromkeys(kinds(), "now") | {"meetings": "digest"})
    kept = dict(ada.preferences.values_list("kind", "how"))
    assert kept["meetings"] == "digest"
    assert kept["programmes"] == "now"
    assert "checked" in client.get("/notifications/preferences/").content.decode()


def kinds():
    return declared.optional_kinds()


def test_every_kind_that_may_be_switched_off_has_a_name_and_a_choice(client, ada):
    page = client.get("/notifications/preferences/").content.decode()
    for kind in kinds():
        assert str(LABELS[kind]) in page


def test_a_choice_that_does_not_exist_is_refused(client, ada):
    page = client.post("/notifications/preferences/", dict.fromkeys(kinds(), "pigeon"))
    assert page.status_code == 422
    assert not ada.preferences.exists()


class TestUnsubscribing:
    """RFC 8058: the mail program posts, without cookies and without a token of ours."""

    def header(self, notice):
        letter = letters.of_notice(notice)
        return urlsplit(re.fullmatch(r"<(.+)>", letter.extra_headers["List-Unsubscribe"])[1]).path

    @pytest.fixture
    def address(self, ada):
        return f"/notifications/unsubscribe/{letters.unsubscribe_token(ada, 'meetings')}/"

    def test_one_post_is_enough(self, ada, address):
        stranger = Client(enforce_csrf_checks=True)
        response = stranger.post(
            address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert "You get no more e-mails" in response.content.decode()
        assert queries.preference(ada, "meetings") == Preference.How.OFF
        assert queries.preference(ada, "matches") == Preference.How.NOW

    def test_a_link_scanner_changes_nothing(self, ada, address):
        page = Client().get(address).content.decode()
        assert "Stop these e-mails" in page
        Client().head(address)
        assert not ada.preferences.exists()

    @pytest.mark.parametrize("token", ["", "x", "WzEsICJtZWV0aW5ncyJd:1abc:forged", "../../etc"])
    def test_a_forged_address_does_not_exist(self, token):
        assert Client().post(f"/notifications/unsubscribe/{token}/").status_code == 404

    def test_the_token_of_one_person_is_not_anothers(self, ada, address):
        other = UserFactory()
        Client().post(address)
        assert not other.preferences.exists()

    def test_a_letter_offers_it_only_where_the_kind_is_optional(self, telling, ada):
        for essential in (True, False):
            telling(ada, essential=essential)
            with transaction.atomic():
                event = EventFactory()
                actions.tell(event)
            letter = letters.of_notice(Notice.objects.get(event=event))
            offered = "List-Unsubscribe" in letter.extra_headers
            assert offered is not essential
            assert ("Choose what we send you" in letter.body) is not essential

    def test_the_digest_stops_every_kind_that_comes_in_it(self, ada):
        for kind, how in (("meetings", "digest"), ("matches", "digest"), ("programmes", "now")):
            actions.prefer(ada, kind, how)
        letter = letters.of_digest(ada, [NoticeFactory(user=ada)])
        Client().post(urlsplit(letter.extra_headers["List-Unsubscribe"].strip("<>")).path)
        assert dict(ada.preferences.values_list("kind", "how")) == {
            "meetings": "off",
            "matches": "off",
            "programmes": "now",
        }
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_e_mails_that_did_not_arrive_are_listed_for_site_administrators(client, ada):
    GrantFactory(user=ada, role=Grant.Role.SITE_ADMINISTRATOR)
    NoticeFactory(user__email="gone@riverbank.example", email=Notice.Email.FAILED, text="Private words")
    page = client.get("/notifications/undelivered/").content.decode()
    assert "gone@riverbank.example" in page
    assert "Private words" not in page


def test_others_do_not_see_whose_e_mails_did_not_arrive(client, ada):
    assert client.get("/notifications/undelivered/").status_code == 403
    assert "undelivered" not in client.get("/notifications/").content.decode()


def test_the_reader_learns_that_the_address_refused(client, ada):
    NoticeFactory(user=ada, email=Notice.Email.FAILED)
    assert "Your address refused the e-mail." in client.get("/notifications/").content.decode()


def test_what_is_held_is_handed_over_and_erased(ada):
    NoticeFactory(user=ada)
    NoticeFactory(user=None, address=ada.email)
    actions.prefer(ada, "meetings", Preference.How.OFF)
    assert len(privacy.holds(ada)["notices"]) == 1
    privacy.erase(ada)
    assert not Notice.objects.exists()
    assert not ada.preferences.exists()
