"""Whoever only says that they work for a council sees nobody, until their address or somebody who knows confirms it."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from commonhall.core import errors
from commonhall.history.models import Event
from commonhall.matching.queries.proposals import askable
from commonhall.organisations import actions as organisations
from commonhall.organisations.models import Grant, Membership
from commonhall.programmes import actions, rules
from commonhall.programmes.models import Enrolment, Programme
from commonhall.programmes.queries import directory
from tests.factories.accounts import UserFactory
from tests.factories.organisations import GrantFactory, MembershipFactory, OrganisationFactory
from tests.factories.programmes import EnrolmentFactory, MentorFactory, ProgrammeFactory, member_of, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(programme):
    """Says that they work for a council of the pool; nobody has confirmed it."""
    return MembershipFactory(organisation=member_of(programme.pool).organisation, confirmed_at=None).user


@pytest.fixture
def mentor(programme):
    return MentorFactory(programme=programme, user__name="Wanda Mentor")


def applied(programme, user, **fields):
    return EnrolmentFactory(
        programme=programme, user=user, organisation=user.membership.organisation, state="applied", **fields
    )


@pytest.mark.parametrize("has_applied", [False, True])
def test_an_unconfirmed_member_finds_no_mentor_at_any_address(client, programme, newcomer, mentor, has_applied):
    if has_applied:
        applied(programme, newcomer)
    client.force_login(newcomer)
    for name, arguments in (("directory", []), ("mentor", [mentor.pk])):
        page = client.get(reverse(f"programmes:{name}", args=[programme.slug, *arguments]))
        assert page.status_code == 404
        assert "Wanda" not in page.content.decode()
    assert not askable(newcomer).exists()
    assert not rules.can_see_directory(newcomer, programme)


def test_they_can_read_apply_and_are_told_why_they_see_nobody(client, programme, newcomer, coordinator):
    client.force_login(newcomer)
    page = client.get(reverse("programmes:detail", args=[programme.slug])).content.decode()
    assert "One step before you see other people" in page
    assert coordinator.name not in page
    assert actions.apply(user=newcomer, programme=programme, role="mentee", by=newcomer).state == "applied"
    assert "Somebody confirms that you work where you say" in client.get("/").content.decode()


def test_a_programme_that_is_not_public_is_not_shown_to_them(programme, newcomer, colleague):
    Programme.objects.filter(pk=programme.pk).update(is_public=False)
    assert not Programme.objects.visible_to(newcomer).exists()
    assert Programme.objects.visible_to(colleague).exists()


def test_a_place_confirms_and_opens_the_directory(client, programme, newcomer, mentor, coordinator):
    actions.approve(applied(programme, newcomer), coordinator)
    assert newcomer.membership.__class__.objects.get(user=newcomer).confirmed_at
    client.force_login(newcomer)
    assert "Wanda" in client.get(reverse("programmes:directory", args=[programme.slug])).content.decode()
    event = Event.objects.get(verb="membership.confirmed")
    assert (event.by, event.about, event.details["how"]) == (coordinator, newcomer, "person")


def test_an_old_application_does_not_confirm_a_new_workplace(programme, newcomer, coordinator):
    enrolment = applied(programme, newcomer)
    organisations.join(user=newcomer, organisation=OrganisationFactory(), by=newcomer)
    assert "by now" in str(rules.can_confirm(coordinator, enrolment).reason)
    actions.approve(enrolment, coordinator)
    assert Membership.objects.get(user=newcomer).confirmed_at is None


def test_whoever_moves_reads_no_kept_fields_of_the_council_they_claim(programme, mentor, newcomer, coordinator):
    actions.approve(applied(programme, newcomer), coordinator)
    organisations.join(user=newcomer, organisation=mentor.organisation, by=newcomer)
    assert directory.open_to(newcomer).get().reader_organisation is None


@pytest.mark.parametrize(
    ("domains", "confirmed"), [(["riverbank.example"], True), ([], False), (["other.example"], False)]
)
def test_a_line_managers_yes_confirms_when_their_address_is_the_councils(programme, newcomer, domains, confirmed):
    newcomer.membership.organisation.email_domains = domains
    newcomer.membership.organisation.save()
    waiting = applied(programme, newcomer, line_manager_email="boss@riverbank.example")
    Enrolment.objects.filter(pk=waiting.pk).update(state="sponsor")
    actions.answer_as_sponsor(waiting, agrees=True)
    assert Membership.objects.filter(user=newcomer, confirmed_at__isnull=False).exists() is confirmed


def test_a_line_managers_no_confirms_nobody(programme, newcomer):
    newcomer.membership.organisation.email_domains = ["riverbank.example"]
    newcomer.membership.organisation.save()
    waiting = applied(programme, newcomer, line_manager_email="boss@riverbank.example")
    Enrolment.objects.filter(pk=waiting.pk).update(state="sponsor")
    actions.answer_as_sponsor(waiting, agrees=False)
    assert Membership.objects.get(user=newcomer).confirmed_at is None


def test_the_coordinator_sees_who_waits_and_confirms_several(as_coordinator, programme, newcomer, run_jobs):
    other = MembershipFactory(organisation=newcomer.membership.organisation, confirmed_at=None).user
    rows = [applied(programme, user) for user in (newcomer, other)]
    known = applied(programme, MembershipFactory(organisation=newcomer.membership.organisation).user)
    address = reverse("programmes:applicants", args=[programme.slug])
    page = as_coordinator.get(address, {"attention": "unconfirmed"}).content.decode()
    assert (page.count("not confirmed</span>"), known.user.name in page) == (2, False)
    assert "Workplace not confirmed (2)" in page
    told = as_coordinator.post(
        reverse("programmes:decide", args=[programme.slug]),
        {"applicant": [row.pk for row in rows], "answer": "confirm"},
        follow=True,
    ).content.decode()
    assert "2 people are confirmed" in told
    run_jobs()
    assert "not confirmed</span>" not in as_coordinator.get(address).content.decode()
    assert set(Enrolment.objects.values_list("state", flat=True)) == {"applied"}


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("coordinator", True),
        ("owner", True),
        ("coordinator elsewhere", False),
        ("themselves", False),
        ("nobody", False),
    ],
)
def test_who_may_confirm_an_applicant(programme, newcomer, coordinator, who, may):
    elsewhere = ProgrammeFactory()
    people = {
        "coordinator": coordinator,
        "owner": owner_of(programme.pool),
        "coordinator elsewhere": GrantFactory(role=Grant.Role.COORDINATOR, scope=elsewhere).user,
        "themselves": newcomer,
        "nobody": UserFactory(),
    }
    GrantFactory(user=newcomer, role=Grant.Role.COORDINATOR, scope=programme)
    enrolment = applied(programme, newcomer)
    assert bool(rules.can_confirm(people[who], enrolment)) is may
    if not may:
        with pytest.raises(errors.Refused):
            actions.confirm(enrolment, people[who])
        assert Membership.objects.get(user=newcomer).confirmed_at is None


def test_an_organisations_administrator_confirms_on_its_page(client, newcomer):
    organisation = newcomer.membership.organisation
    client.force_login(GrantFactory(role=Grant.Role.ORGANISATION_ADMINISTRATOR, scope=organisation).user)
    page = reverse("organisations:detail", args=[organisation.slug])
    assert newcomer.email in client.get(page).content.decode()
    client.post(reverse("organisations:confirm", args=[organisation.slug, newcomer.membership.pk]))
    assert newcomer.email not in client.get(page).content.decode()
    assert Membership.objects.get(user=newcomer).confirmed_at


def test_an_address_that_comes_later_confirms_by_the_clock(newcomer, run_jobs):
    newcomer.membership.organisation.email_domains = ["riverbank.example"]
    newcomer.membership.organisation.save()
    assert organisations.confirm_by_address() == 0
    EmailAddress.objects.create(user=newcomer, email="n@riverbank.example", verified=True)
    assert organisations.confirm_by_address() == 1
    assert organisations.confirm_by_address() == 0
