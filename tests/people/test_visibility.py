"""Who sees what of a profile, cell by cell; the words beside each field say the same."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from commonhall.core import clock
from commonhall.people import queries
from commonhall.people.forms import profile as forms
from commonhall.people.forms import times
from commonhall.people.models import Leave, Profile, WorkingHours
from commonhall.people.visibility import FIELDS, MAY_BE_HIDDEN, WORDS, Viewer, seen_by, visible_fields
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory, PoolMemberFactory
from tests.factories.people import ProfileFactory, TopicFactory, WorkingHoursFactory

pytestmark = pytest.mark.django_db

#                         stranger participant partner coordinator self
TABLE = {
    "name": "              -        yes         yes     yes         yes",
    "email": "             -        -           yes     yes         yes",
    "pronouns": "          -        yes         yes     yes         yes",
    "organisation": "      -        yes         yes     yes         yes",
    "job_title": "         -        yes         yes     yes         yes",
    "service_area": "      -        yes         yes     yes         yes",
    "level": "             -        yes         yes     yes         yes",
    "can_help": "          -        yes         yes     yes         yes",
    "offers": "            -        yes         yes     yes         yes",
    "want_to_learn": "     -        -           yes     yes         yes",
    "wants": "             -        -           yes     yes         yes",
    "interests": "         -        yes         yes     yes         yes",
    "biography": "         -        yes         yes     yes         yes",
    "career_path": "       -        yes         yes     yes         yes",
    "qualifications": "    -        yes         yes     yes         yes",
    "languages": "         -        yes         yes     yes         yes",
    "time_zone": "         -        -           yes     yes         yes",
    "hours": "             -        -           yes     yes         yes",
    "next_hours": "        -        -           yes     yes         yes",
    "leave": "             -        -           yes     yes         yes",
    "holiday_country": "   -        -           yes     yes         yes",
    "holiday_region": "    -        -           yes     yes         yes",
    "works_on_holidays": " -        -           yes     yes         yes",
    "term_time_only": "    -        -           -       -           yes",
    "notice_hours": "      -        -           yes     yes         yes",
    "buffer_minutes": "    -        -           -       -           yes",
    "most_minutes_a_day": "-        -           yes     yes         yes",
    "channels": "          -        -           yes     yes         yes",
    "adjustments": "       -        -           -       -           yes",
    "photo": "             -        yes         yes     yes         yes",
}
ONLY_ME = {field for field, row in TABLE.items() if row.split() == ["-", "-", "-", "-", "yes"]}
CELLS = [
    (field, viewer, cell == "yes")
    for field, row in TABLE.items()
    for viewer, cell in zip(Viewer, row.split(), strict=True)
]


def whole_profile():
    """Somebody whose every field holds a word of its own."""
    user = UserFactory(name="NAME", email="email@secret.example", time_zone="Pacific/Auckland")
    MembershipFactory(user=user, organisation__name="ORGANISATION")
    profile = ProfileFactory(
        user=user,
        pronouns="PRONOUNS",
        job_title="JOBTITLE",
        service_area="housing",
        level="6",
        can_help="CANHELP",
        want_to_learn="WANTTOLEARN",
        biography="BIOGRAPHY",
        career_path="CAREERPATH",
        qualifications="QUALIFICATIONS",
        languages=["cy"],
        channels=["phone"],
        adjustments="ADJUSTMENTS",
        holiday_country="AU",
        holiday_region="VIC",
        works_on_holidays=True,
        term_time_only=True,
        buffer_minutes=15,
        photo="photos/x.jpg",
    )
    for purpose in ("offer", "want", "interest"):
        TopicFactory(profile=profile, purpose=purpose, kind="tag", key=f"topic-{purpose}")
    WorkingHoursFactory(profile=profile, weekday=2)
    WorkingHoursFactory(profile=profile, weekday=3, week=WorkingHours.Week.FIRST)
    Leave.objects.create(profile=profile, starts_on=clock.today(), ends_on=clock.today() + timedelta(days=3))
    return user


def test_the_table_names_every_field_of_a_card():
    assert set(TABLE) == set(FIELDS) == set(queries.Card.__dataclass_fields__)


@pytest.mark.parametrize(("field", "viewer", "shown"), CELLS)
def test_a_field_is_shown_to_those_who_may_see_it_and_to_nobody_else(field, viewer, shown):
    assert (field in visible_fields(viewer)) is shown


@pytest.mark.parametrize("viewer", list(Viewer))
def test_a_card_holds_what_its_reader_may_see_and_nothing_else(viewer):
    user, reader = whole_profile(), UserFactory()
    if viewer is Viewer.STRANGER:
        with pytest.raises(TypeError):
            queries.card(user, viewer, reader)
        return
    card = queries.card(user, viewer, reader)
    for field, row in TABLE.items():
        shown = row.split()[viewer] == "yes"
        assert bool(getattr(card, field)) is shown, field


@pytest.mark.parametrize("viewer", list(Viewer))
@pytest.mark.parametrize("field", MAY_BE_HIDDEN)
def test_an_organisation_keeps_a_field_from_people_elsewhere_and_not_from_coordinators(field, viewer):
    hidden = field not in visible_fields(viewer, [field])
    assert hidden is (viewer not in (Viewer.COORDINATOR, Viewer.SELF))


@pytest.mark.parametrize("field", sorted(set(FIELDS) - ONLY_ME - {"email"}))
def test_beside_each_field_stands_who_sees_it(field):
    words = str(seen_by(field)[field])
    assert words == str(WORDS[FIELDS[field]])
    assert ("your pool" in words) is ("yes" in TABLE[field].split()[Viewer.PARTICIPANT])
    assert ("coordinators" in words) is True


@pytest.mark.parametrize("field", sorted(ONLY_ME))
def test_beside_what_is_for_oneself_stands_that_nobody_else_sees_it(field):
    assert str(seen_by(field)[field]) == "only you"


STEPS = (forms.WorkForm, forms.ExchangeForm, forms.BackgroundForm, times.TimeForm, forms.PhotoForm)
STEPS += (times.WeeksForm, times.HolidaysForm, times.AroundForm)


def test_every_field_of_every_form_says_who_sees_it():
    for form in STEPS:
        names = set(form.base_fields)
        assert names == set(form.seen_by), form


def test_every_shown_field_has_a_place_in_some_form():
    asked = {name for form in STEPS for name in form.base_fields}
    assert asked == set(FIELDS) - {"email", "leave"}
    assert str(times.LeaveForm.seen_by["ends_on"]) == str(seen_by("leave")["leave"])


def test_the_guide_for_data_protection_says_the_same():
    text = (Path(__file__).parents[2] / "docs/guides/data-protection.md").read_text("utf-8")
    rows = re.findall(r"^\| (\w+)( ○)? \| ((?:yes|–) \| (?:yes|–) \| (?:yes|–) \| (?:yes|–)) \|$", text, re.M)
    written = {field: cells.replace("–", "-").split(" | ") for field, _kept, cells in rows}
    assert written == {field: row.split()[1:] for field, row in TABLE.items()}
    assert {field for field, kept, _cells in rows if kept} == set(MAY_BE_HIDDEN)


class TestAsSeen:
    @pytest.fixture
    def me(self, client):
        user = whole_profile()
        client.force_login(user)
        return user

    @pytest.mark.parametrize(("by", "viewer"), [("", Viewer.PARTICIPANT), ("partner", Viewer.PARTNER)])
    def test_i_see_myself_through_their_eyes(self, client, me, by, viewer):
        page = client.get("/people/me/as-seen/", {"by": by}).content.decode()
        main = page[page.index("<main") :]
        here = re.search(r'<a[^>]*aria-current="page"[^>]*>(.*?)</a>', main, re.S)[1]
        assert ("matched with" in here) is (by == "partner")
        words = {"WANTTOLEARN": "want_to_learn", "BIOGRAPHY": "biography", "ADJUSTMENTS": "adjustments"}
        words |= {"email@secret.example": "email", "topic-want": "wants", "topic-offer": "offers"}
        words |= {"Auckland time": "time_zone", "PRONOUNS": "pronouns", "QUALIFICATIONS": "qualifications"}
        for word, field in words.items():
            assert (word in main) is (field in visible_fields(viewer)), word

    def test_my_own_page_shows_my_adjustments_and_says_that_only_i_do(self, client, me):
        page = client.get("/people/me/").content.decode()
        assert "ADJUSTMENTS" in page
        assert "only you" in page

    def test_what_my_council_keeps_within_is_left_out(self, client, me):
        member = PoolMemberFactory(organisation=me.membership.organisation, hidden_fields=["pronouns", "biography"])
        PoolMemberFactory(organisation=member.organisation, hidden_fields=["pronouns"])
        page = client.get("/people/me/as-seen/").content.decode()
        assert "PRONOUNS" not in page, "kept within in both pools"
        assert "BIOGRAPHY" in page, "shown in one of the pools"

    def test_a_profile_that_is_not_there_yet_shows_a_page(self, client):
        client.force_login(UserFactory(name="Nobody Yet"))
        for address in ("/people/me/", "/people/me/as-seen/"):
            assert "Nobody Yet" in client.get(address).content.decode()
        assert not Profile.objects.exists(), "looking makes nothing"
