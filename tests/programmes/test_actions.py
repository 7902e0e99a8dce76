from datetime import date

import pytest

from commonhall.core import errors
from commonhall.history.models import Event
from commonhall.organisations.models import Membership
from commonhall.programmes import actions
from commonhall.programmes.models import Eligibility, Enrolment, Programme
from commonhall.programmes.queries import shelf
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.programmes import (
    EnrolmentFactory,
    MentorFactory,
    ProgrammeFactory,
    coordinator_of,
    member_of,
    owner_of,
    person_of,
)

pytestmark = pytest.mark.django_db
Role, State = Enrolment.Role, Enrolment.State


@pytest.fixture
def programme():
    return ProgrammeFactory()


@pytest.fixture
def coordinator(programme):
    return coordinator_of(programme)


def verbs(programme):
    return list(Event.objects.within(programme).order_by("pk").values_list("verb", flat=True))


def test_a_programme_from_a_cycle_has_its_dates_words_and_rules(programme):
    owner = owner_of(programme.pool)
    made = actions.create(
        pool=programme.pool, cycle="cohort", name="  Autumn\tcohort ", kick_off_on=date(2027, 3, 1), by=owner
    )
    assert (made.name, made.slug, made.state) == ("Autumn cohort", "autumn-cohort", "draft")
    assert made.applications_open_on == date(2027, 1, 4)
    assert made.applications_close_on == date(2027, 2, 7)
    assert made.ends_on == date(2027, 11, 1)
    assert made.rules["min_shared_minutes"] == 60
    assert made.weights["wants_offers"] == 5.0
    assert "another council" in made.summary
    assert verbs(made) == ["programme.created"]


def test_a_second_programme_of_the_same_name_gets_an_address_of_its_own(programme):
    owner = owner_of(programme.pool)
    slugs = [
        actions.create(pool=programme.pool, cycle="flash", name="Flash", kick_off_on=None, by=owner).slug
        for _ in range(3)
    ]
    assert slugs == ["flash", "flash-2", "flash-3"]


def test_a_coordinator_who_starts_a_programme_coordinates_it(programme, coordinator):
    made = actions.create(
        pool=programme.pool, cycle="light", name="Light", kick_off_on=date(2027, 3, 1), by=coordinator
    )
    assert Programme.objects.coordinated_by(coordinator).filter(pk=made.pk).exists()


def test_a_stranger_cannot_start_a_programme(programme):
    with pytest.raises(errors.Refused, match="owner of the pool"):
        actions.create(pool=programme.pool, cycle="light", name="X", kick_off_on=None, by=UserFactory())


def test_moving_the_kick_off_moves_every_date(programme, coordinator):
    actions.plan(programme, kick_off_on=date(2027, 5, 3), by=coordinator)
    assert programme.milestones.get(key="kick_off").on == date(2027, 5, 3)
    assert programme.milestones.get(key="follow_up").on == date(2028, 7, 10)


def test_the_states_follow_each_other(coordinator, programme):
    Programme.objects.filter(pk=programme.pk).update(state="draft")
    programme.refresh_from_db()
    place = EnrolmentFactory(programme=programme)
    for act, state in (
        (actions.open_applications, "open"),
        (actions.begin_matching, "matching"),
        (actions.open_applications, "open"),
        (actions.begin_matching, "matching"),
        (actions.start, "running"),
        (actions.finish, "finished"),
    ):
        programme = act(programme, by=coordinator)
        assert programme.state == state
    place.refresh_from_db()
    assert place.state == State.FINISHED


@pytest.mark.parametrize(
    ("state", "act"),
    [
        ("draft", actions.begin_matching),
        ("running", actions.open_applications),
        ("draft", actions.start),
        ("matching", actions.finish),
        ("finished", actions.finish),
    ],
)
def test_no_state_is_skipped(state, act):
    programme = ProgrammeFactory(state=state)
    with pytest.raises(errors.Refused):
        act(programme, by=coordinator_of(programme))
    programme.refresh_from_db()
    assert programme.state == state


def test_two_coordinators_move_a_programme_on_once(programme, coordinator):
    stale = Programme.objects.get(pk=programme.pk)
    actions.begin_matching(programme, by=coordinator)
    with pytest.raises(errors.Conflict, match="just moved"):
        actions.begin_matching(stale, by=coordinator)


def test_an_application_waits_for_the_coordinator(programme):
    user = person_of(programme.pool)
    enrolment = actions.apply(user=user, programme=programme, role=Role.MENTEE, by=user, goal="Learn to chair")
    assert (enrolment.state, enrolment.organisation, enrolment.capacity) == (
        State.APPLIED,
        user.membership.organisation,
        1,
    )
    assert verbs(programme) == ["enrolment.applied"]


def test_somebody_can_be_mentor_and_mentee_with_capacity_inside_the_programmes_limit(programme):
    user = person_of(programme.pool)
    actions.apply(user=user, programme=programme, role=Role.MENTEE, by=user, capacity=5)
    actions.apply(user=user, programme=programme, role=Role.MENTOR, by=user, capacity=5)
    assert dict(programme.enrolments.values_list("role", "capacity")) == {"mentee": 1, "mentor": 2}


def test_applying_twice_is_refused_and_after_withdrawing_is_not(programme):
    user = person_of(programme.pool)
    first = actions.apply(user=user, programme=programme, role=Role.MENTEE, by=user)
    with pytest.raises(errors.Refused, match="already applied"):
        actions.apply(user=user, programme=programme, role=Role.MENTEE, by=user)
    actions.withdraw(first, user)
    again = actions.apply(user=user, programme=programme, role=Role.MENTEE, by=user)
    assert (again.pk, again.state) == (first.pk, State.APPLIED)


def test_somebody_who_was_turned_down_cannot_ask_again(programme, coordinator):
    user = person_of(programme.pool)
    actions.decline(actions.apply(user=user, programme=programme, role=Role.MENTEE, by=user), coordinator)
    with pytest.raises(errors.Refused, match="already answered"):
        actions.apply(user=user, programme=programme, role=Role.MENTEE, by=user)


def test_only_organisations_of_the_pool_take_part(programme):
    outsider = person_of(ProgrammeFactory().pool)
    with pytest.raises(errors.Refused, match="does not take part"):
        actions.apply(user=outsider, programme=programme, role=Role.MENTEE, by=outsider)


def test_somebody_without_an_organisation_names_one_and_joins_it_when_approved(programme, coordinator):
    user, organisation = UserFactory(), member_of(programme.pool).organisation
    with pytest.raises(errors.Refused, match="which organisation"):
        actions.apply(user=user, programme=programme, role=Role.MENTEE, by=user)
    enrolment = actions.apply(user=user, programme=programme, role=Role.MENTEE, by=user, organisation=organisation)
    assert Membership.objects.get(user=user, organisation=organisation).confirmed_at is None
    actions.approve(enrolment, coordinator)
    assert Membership.objects.get(user=user, organisation=organisation).confirmed_at


def test_an_organisation_keeps_its_people_from_being_mentees(programme):
    user = person_of(programme.pool)
    Eligibility.objects.create(programme=programme, organisation=user.membership.organisation, mentees=False)
    with pytest.raises(errors.Refused, match="as a mentee"):
        actions.apply(user=user, programme=programme, role=Role.MENTEE, by=user)
    assert actions.apply(user=user, programme=programme, role=Role.MENTOR, by=user)


@pytest.mark.parametrize("state", ["draft", "matching", "running", "finished"])
def test_applications_are_taken_only_while_open(state):
    programme = ProgrammeFactory(state=state)
    user = person_of(programme.pool)
    with pytest.raises(errors.Refused, match="does not take applications"):
        actions.apply(user=user, programme=programme, role=Role.MENTEE, by=user)


def test_a_rolling_pool_takes_applications_while_it_runs():
    programme = ProgrammeFactory(state="running", rolling=True, applications_close_on=None)
    user = person_of(programme.pool)
    assert programme in Programme.objects.taking_applications()
    assert actions.apply(user=user, programme=programme, role=Role.MENTEE, by=user).state == State.APPLIED


@pytest.mark.parametrize(("state", "rolling"), [("running", False), ("finished", True), ("draft", True)])
def test_what_takes_no_applications_is_not_offered_on_start_pages(state, rolling):
    ProgrammeFactory(state=state, rolling=rolling, applications_close_on=None)
    assert not Programme.objects.taking_applications().exists()


def test_the_day_after_the_closing_day_is_too_late():
    programme = ProgrammeFactory(applications_close_on=date(2020, 1, 1))
    user = person_of(programme.pool)
    with pytest.raises(errors.Refused):
        actions.apply(user=user, programme=programme, role=Role.MENTEE, by=user)


def test_elected_members_only(programme):
    Programme.objects.filter(pk=programme.pk).update(members_only=True)
    programme.refresh_from_db()
    officer, councillor = person_of(programme.pool), person_of(programme.pool)
    MentorFactory(user=councillor, organisation=councillor.membership.organisation, profile__level="E1")
    with pytest.raises(errors.Refused, match="elected members"):
        actions.apply(user=officer, programme=programme, role=Role.MENTEE, by=officer)
    assert actions.apply(user=councillor, programme=programme, role=Role.MENTEE, by=councillor)


@pytest.mark.parametrize(("agrees", "state"), [(True, State.APPLIED), (False, State.DECLINED)])
def test_a_line_manager_answers_once(agrees, state):
    programme = ProgrammeFactory(needs_sponsor=True)
    user = person_of(programme.pool)
    enrolment = actions.apply(
        user=user, programme=programme, role=Role.MENTEE, by=user, line_manager_email="boss@harbour.example"
    )
    assert enrolment.state == State.SPONSOR
    assert actions.answer_as_sponsor(enrolment, agrees=agrees).state == state
    assert Event.objects.within(programme).latest("pk").via == "link"
    with pytest.raises(errors.Conflict, match="already"):
        actions.answer_as_sponsor(enrolment, agrees=True)


def test_a_coordinator_does_not_decide_on_their_own_application(programme, coordinator):
    mine = EnrolmentFactory(programme=programme, user=coordinator, state=State.APPLIED)
    with pytest.raises(errors.Refused, match="Somebody else"):
        actions.approve(mine, coordinator)


def test_deciding_is_the_coordinators(programme):
    enrolment = EnrolmentFactory(programme=programme, state=State.APPLIED)
    for act in (actions.approve, actions.decline):
        with pytest.raises(errors.Refused, match="Only a coordinator"):
            act(enrolment, UserFactory())


def test_the_programmes_places_for_mentees_run_out(programme, coordinator):
    actions.change(programme, by=coordinator, mentee_places=1)
    first, second = EnrolmentFactory.create_batch(2, programme=programme, state=State.APPLIED)
    actions.approve(first, coordinator)
    with pytest.raises(errors.Conflict, match="All 1 places"):
        actions.approve(second, coordinator)
    mentor = EnrolmentFactory(programme=programme, state=State.APPLIED, role=Role.MENTOR)
    assert actions.approve(mentor, coordinator).state == State.APPROVED


def test_an_organisations_places_run_out(programme, coordinator):
    organisation = OrganisationFactory()
    member_of(programme.pool, organisation, places_taken=1)
    first, second = EnrolmentFactory.create_batch(2, programme=programme, organisation=organisation, state="applied")
    elsewhere = EnrolmentFactory(programme=programme, state="applied")
    decided, refused = actions.answer_many([first, second, elsewhere], "approve", by=coordinator)
    assert decided == 2
    assert [(row, "used all of its 1 places" in why) for row, why in refused] == [(second, True)]


def test_a_place_in_use_keeps_somebody_from_withdrawing(programme):
    mentor = MentorFactory(programme=programme)
    actions.take_place(mentor)
    with pytest.raises(errors.Refused, match="mentorship first"):
        actions.withdraw(mentor, mentor.user)
    actions.give_back_place(mentor)
    assert actions.withdraw(mentor, mentor.user).state == State.WITHDRAWN


def test_places_stop_at_the_capacity_and_never_fall_below_none(programme):
    mentor = MentorFactory(programme=programme, capacity=2)
    actions.take_place(mentor)
    actions.take_place(mentor)
    with pytest.raises(errors.Conflict, match="no free place"):
        actions.take_place(mentor)
    for _ in range(3):
        actions.give_back_place(mentor)
    mentor.refresh_from_db()
    assert mentor.taken == 0


@pytest.mark.parametrize("state", [State.APPLIED, State.WITHDRAWN, State.FINISHED])
def test_only_an_approved_person_gives_a_place(state):
    with pytest.raises(errors.Conflict):
        actions.take_place(MentorFactory(state=state))


def test_capacity_does_not_fall_below_what_is_in_use(programme):
    mentor = MentorFactory(programme=programme, capacity=2, taken=2)
    actions.change_application(mentor, by=mentor.user, capacity=1, goal="Fewer from autumn")
    mentor.refresh_from_db()
    assert (mentor.capacity, mentor.goal) == (2, "Fewer from autumn")


def test_a_pause_ends_by_itself_or_by_hand(programme):
    mentor = MentorFactory(programme=programme)
    assert actions.pause(mentor, until=date(2999, 1, 1), by=mentor.user).is_paused
    assert not actions.resume(mentor, by=mentor.user).is_paused
    assert not actions.pause(mentor, until=date(2020, 1, 1), by=mentor.user).is_paused


@pytest.mark.parametrize("act", [actions.withdraw, lambda e, by: actions.pause(e, until=date(2999, 1, 1), by=by)])
def test_a_stranger_can_neither_withdraw_nor_pause_somebody(programme, act):
    with pytest.raises(errors.Refused):
        act(MentorFactory(programme=programme), UserFactory())


def test_what_was_counted_is_counted_afresh_after_a_finish(django_capture_on_commit_callbacks):
    programme = ProgrammeFactory(state="running")

    def counted(value):
        return shelf.kept("applicants", [programme.pk], lambda: shelf.Shelf.of([(1, "state", value)])).masks["state"]

    assert set(counted("approved")) == {"approved"}
    with django_capture_on_commit_callbacks(execute=True):
        actions.finish(programme, by=coordinator_of(programme))
    assert set(counted("finished")) == {"finished"}


def test_a_mentor_takes_on_more_mentees_up_to_what_the_programme_allows(coordinator, programme):
    mentor = MentorFactory(programme=programme, capacity=1)
    actions.add_places(mentor, 1, by=coordinator)
    mentor.refresh_from_db()
    assert mentor.capacity == 2
    assert Event.objects.about(mentor).get().verb == "enrolment.changed"
    with pytest.raises(errors.Refused, match="would have 3 mentees, and this programme allows 2"):
        actions.add_places(mentor, 1, by=coordinator)
    with pytest.raises(errors.Refused):
        actions.add_places(MentorFactory(programme=programme, capacity=1), 1, by=mentor.user)
    assert not programme.enrolments.filter(capacity__gt=2).exists()
