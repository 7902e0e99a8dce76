"""What stands in the demo region, and who sees what of it."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import transaction
from tests.demo.walking import Walk, matched, signed_in, walk

from commonhall.accounts.models import User
from commonhall.demo.actions.loading import load
from commonhall.demo.actions.people import account_of
from commonhall.demo.cast import CAST
from commonhall.demo.models import Mark
from commonhall.matching.models import Proposal, Run
from commonhall.meetings.models import Meeting
from commonhall.mentorships.models import Mentorship
from commonhall.people.models import Profile
from commonhall.programmes.models import Enrolment, Programme

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def region(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Loaded once for all tests here, and undone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


def test_every_page_has_something_to_show(region: None) -> None:
    states = set(Programme.objects.values_list("state", flat=True))
    assert states == {"matching", "running", "finished"}
    waiting = Programme.objects.get(slug="across-the-water")
    assert waiting.enrolments.approved().values("user").distinct().count() == 320
    assert Run.objects.get().scenario.round.programme == waiting
    assert Mentorship.objects.filter(state="active").count() > 20
    assert Meeting.objects.filter(state="held").count() > 100
    assert Meeting.objects.filter(state="proposed").exists()
    assert Proposal.objects.filter(state="offered").count() == 2


def test_the_pages_about_times_have_something_to_show(region: None) -> None:
    mentor = signed_in("mentor")
    words = mentor.get("/people/me/times/").content.decode()
    assert "Two that alternate" in words
    assert "Notice: 2 days." in words
    assert mentor.get("/people/me/times/leave/").content.decode().count("Remove<") == 1
    assert "Quebec, Canada" in words
    assert "Pre-election period" in signed_in("mentee").get("/people/me/times/holidays/").content.decode()
    quiet = signed_in("organisation-administrator").get("/organisations/strathorran/quiet/").content.decode()
    assert "Setting the budget" in quiet
    assert "Scotland, United Kingdom" in quiet


def test_mentors_are_found_by_what_they_help_with(region: None) -> None:
    found = signed_in("waiting-mentee").get("/programmes/across-the-water/mentors/", {"q": "mayors patch"})
    assert "Yvonne Achterberg" in found.content.decode()


def test_a_finished_programme_holds_nobody_in_a_place(region: None) -> None:
    finished = Programme.objects.get(state="finished")
    assert not finished.enrolments.filter(taken__gt=0).exists()
    assert set(finished.enrolments.values_list("state", flat=True)) == {Enrolment.State.FINISHED}


def test_a_canary_stands_in_that_persons_private_field_and_nowhere_else(
    region: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("dumpdata", "--all")
    dumped = capsys.readouterr().out
    for persona in CAST:
        canary = account_of(persona, Mark.objects.get().seed).canary
        assert canary in Profile.objects.get(user__email=persona.email).adjustments
        assert dumped.count(canary) == 1, persona.key


def test_staff_have_a_second_factor_and_nobody_else(region: None) -> None:
    with_factor = set(User.objects.filter(authenticator__isnull=False).values_list("email", flat=True))
    assert with_factor == {persona.email for persona in CAST if persona.needs_second_factor}


INSIDERS = [persona.key for persona in CAST if persona.key not in ("outsider", "left", "site-administrator")]
# Whoever may read of a programme may apply to it while it takes applications.
PUBLIC = {"programmes:public", "programmes:qr", "programmes:poster", "programmes:join", "programmes:apply", "brand"}


@pytest.fixture(scope="module")
def walks(region: None, django_db_blocker: Any) -> dict[str, Walk]:
    with django_db_blocker.unblock():
        return {key: walk(signed_in(key)) for key in INSIDERS}


def test_an_outsider_finds_nothing_at_any_address_of_the_region(walks: dict[str, Walk]) -> None:
    outsider = signed_in("outsider")
    seen: dict[str, set[str]] = defaultdict(set)
    for one in walks.values():
        for address, is_act in one.addresses.items():
            found = matched(urlsplit(address).path)
            if found is None or not found.kwargs or found.view_name in PUBLIC:
                continue
            response = (outsider.post if is_act else outsider.get)(address)
            if response.status_code != 404:
                seen[found.view_name].add(f"{response.status_code} {address}")
    assert not seen


def test_nobody_sees_what_is_private_to_another(walks: dict[str, Walk]) -> None:
    seed = Mark.objects.get().seed
    canaries = {persona.key: account_of(persona, seed).canary for persona in CAST}
    for reader, one in walks.items():
        for owner, canary in canaries.items():
            leaks = [path for path, page in one.pages.items() if canary in page and owner != reader]
            assert not leaks, f"{reader} reads {owner}'s private words at {leaks}"


def test_each_of_the_cast_can_read_their_own_private_words(walks: dict[str, Walk]) -> None:
    seed = Mark.objects.get().seed
    for persona in CAST:
        if persona.key in walks:
            canary = account_of(persona, seed).canary
            assert any(canary in page for page in walks[persona.key].pages.values()), persona.key
