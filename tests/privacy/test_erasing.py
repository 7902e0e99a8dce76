"""Somebody is erased: nothing is left that says who it was, and everybody else's things stand as before."""

import json
from argparse import Namespace

import pytest

from commonhall.accounts.models import User
from commonhall.core.errors import Refused
from commonhall.demo.actions.loading import load
from commonhall.demo.cast import CAST
from commonhall.history.models import Event
from commonhall.matching import inputs
from commonhall.matching.queries.proposals import askable
from commonhall.mentorships.models import Mentorship
from commonhall.operations import checks
from commonhall.operations.dump import lines
from commonhall.privacy import actions, commands, queries
from commonhall.programmes.models import Enrolment, Programme
from tests.factories.people import ProfileFactory

pytestmark = pytest.mark.django_db

# What says that there was somebody, and not who.
KEPT = {
    "account",
    "applications",
    "mentorships",
    "agreements",
    "signatures",
    "meetings",
    "series",
    "matches",
    "messages",
}


@pytest.fixture
def region(db):
    return load()


def erased(user):
    name, email = user.name, user.email
    actions.erase(user, by=None)
    return name, email


@pytest.mark.slow
def test_of_nobody_in_the_demo_region_is_anything_left_that_says_who_it_was(region, run_jobs):
    users = [User.objects.get(email=persona.email) for persona in CAST]
    canaries = [account.canary for account in region]
    known = [erased(user) for user in users]
    run_jobs()
    text = "\n".join(lines())
    assert not [canary for canary in canaries if canary and canary in text]
    assert not [email for _name, email in known if email in text]
    rows = [line for line in text.splitlines() if any(name in line for name, _email in known)]
    assert not rows, rows[:5]
    for user in users:
        user.refresh_from_db()
        left = dict(queries.counts(queries.held_about(user)))
        assert left.keys() <= KEPT, left
    assert [found for _name, question in checks.questions() for found in question()] == []


@pytest.mark.slow
def test_whoever_is_erased_is_matched_with_nobody_any_more(region):
    programme = Programme.objects.get(slug="across-the-water")
    place = programme.enrolments.mentors().approved().first()
    reader = User.objects.get(email=next(one.email for one in CAST if one.role == "coordinator"))
    assert askable(reader).filter(pk=place.pk).exists()
    actions.erase(place.user, by=None)
    place.refresh_from_db()
    assert place.state == Enrolment.State.WITHDRAWN
    assert not askable(reader).filter(pk=place.pk).exists()
    problem = inputs.of_programme(programme, rules={}, weights={}).problem
    assert str(place.pk) not in {person.id for person in problem.mentors}


@pytest.mark.slow
def test_a_mentorship_under_way_ends_and_gives_the_place_back(region):
    mentorship = Mentorship.objects.live().first()
    mentee, mentor = (mentorship.participants.get(role=role) for role in ("mentee", "mentor"))
    taken = mentor.enrolment.taken
    actions.erase(mentee.user, by=None)
    mentorship.refresh_from_db()
    mentor.enrolment.refresh_from_db()
    assert mentorship.state == Mentorship.State.ENDED
    assert mentor.enrolment.taken == taken - 1


def test_one_rooms_failure_erases_nothing(monkeypatch):
    profile = ProfileFactory(user__name="Ada", biography="MY-DAYS")
    accounts = dict(queries.rooms())["accounts"]
    monkeypatch.setattr(accounts, "erase", lambda user: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.erase(profile.user, by=None)
    profile.refresh_from_db()
    assert (profile.biography, profile.user.name) == ("MY-DAYS", "Ada")


def test_the_verbs_write_and_erase_one_person(tmp_path, capsys):
    ada, boris = (ProfileFactory(user__email=f"{name}@riverbank.example", biography=name) for name in ("ada", "boris"))
    out = tmp_path / "ada.json"
    commands.sar(Namespace(email="ADA@riverbank.example", out=str(out)))
    held = json.loads(out.read_text())
    assert held["people"]["profile"][0]["biography"] == "ada"
    assert "boris" not in out.read_text()
    assert out.stat().st_mode & 0o077 == 0
    commands.erase(Namespace(email=ada.user.email))
    ada.user.refresh_from_db()
    boris.refresh_from_db()
    assert not ada.user.is_active
    assert boris.biography == "boris"
    assert Event.objects.get(verb="user.erased").about == ada.user
    assert "ada@riverbank.example is erased" in capsys.readouterr().out


@pytest.mark.parametrize("verb", [commands.sar, commands.erase])
def test_an_unknown_address_is_refused(verb, tmp_path, db):
    with pytest.raises(Refused, match="Nobody signs in with the address"):
        verb(Namespace(email="x@y.example", out=str(tmp_path / "x.json")))


def test_an_account_is_never_written_over_a_file(tmp_path):
    user = ProfileFactory().user
    out = tmp_path / "kept.json"
    out.write_text("kept")
    with pytest.raises(Refused, match="exists already"):
        commands.sar(Namespace(email=user.email, out=str(out)))
    assert out.read_text() == "kept"
