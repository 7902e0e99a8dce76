from datetime import date, timedelta

import pytest
from django.core import mail

from commonhall.core import clock
from commonhall.mentorships import actions, checks, privacy, queries, tasks
from commonhall.mentorships.agreement import Section, compose, sections, standard
from commonhall.mentorships.models import Agreement, Mentorship, Signature
from commonhall.programmes.models import Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.mentorships import AgreementFactory, MentorshipFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.programmes import EnrolmentFactory, MentorFactory, ProgrammeFactory, coordinator_of, member_of

pytestmark = pytest.mark.django_db


def person(mentorship, role):
    return mentorship.participants.get(role=role)


def old(days=31, **fields):
    return MentorshipFactory(began_at=clock.now() - timedelta(days=days), **fields)


def signed(mentorship, *roles):
    agreement = AgreementFactory(mentorship=mentorship, version=mentorship.agreements.count() + 1)
    for role in roles:
        Signature.objects.create(agreement=agreement, participant=person(mentorship, role))


@pytest.mark.parametrize(
    ("roles", "is_listed"), [(None, True), ((), True), (("mentor",), True), (("mentor", "mentee"), False)]
)
def test_a_pair_without_both_signatures_after_thirty_days_is_a_signal(roles, is_listed):
    pair = old()
    if roles is not None:
        signed(pair, *roles)

    assert list(queries.long_unsigned(pair.programme.mentorships.all())) == ([pair] if is_listed else [])


def test_a_new_version_that_nobody_signed_is_a_signal_again():
    pair = old()
    signed(pair, "mentor", "mentee")
    signed(pair, "mentor")

    assert list(queries.long_unsigned(pair.programme.mentorships.all())) == [pair]


def test_young_paused_and_ended_pairs_are_left_in_peace():
    programme = ProgrammeFactory(state="running")
    MentorshipFactory(programme=programme, began_at=clock.now() - timedelta(days=29))
    old(programme=programme, state="paused", paused_at=clock.now())
    old(programme=programme, state="ended", ended_at=clock.now())

    assert not queries.long_unsigned(programme.mentorships.all()).exists()


def test_a_field_that_an_organisation_keeps_to_itself_stays_within_it():
    programme = ProgrammeFactory(state="running")
    home = OrganisationFactory()
    member_of(programme.pool, home, hidden_fields=["level"])
    mentee = EnrolmentFactory(programme=programme, organisation=home)
    mentors = [MentorFactory(programme=programme), MentorFactory(programme=programme, organisation=home)]
    for mentor, hidden in zip(mentors, ({"level"}, set()), strict=True):
        Enrolment.objects.filter(pk=mentee.pk).update(taken=0)
        pair = actions.begin(mentee=mentee, mentor=mentor, by=mentee.user, origin="round")

        assert queries.hidden_fields(pair, person(pair, "mentee"), mentor.user) == hidden
        actions.end(pair, by=mentee.user, reason="complete")


def test_the_review_day_lies_half_way():
    programme = ProgrammeFactory(state="running", ends_on=date(2027, 6, 1))
    pair = MentorshipFactory(programme=programme, began_at=clock.now().replace(year=2027, month=2, day=1))

    assert queries.review_day(pair) == date(2027, 4, 2)
    pair.programme.ends_on = None
    assert queries.review_day(pair) == date(2027, 4, 26)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("## One\na\n\nb\n## Two\nc", [("One", "a\n\nb"), ("Two", "c")]),
        ("Purpose\nWe talk.\n\nNotes\nOurs.\nAlone.", [("Purpose", "We talk."), ("Notes", "Ours.\nAlone.")]),
        ("Only a paragraph.\n\nAnother.", [("", "Only a paragraph.\n\nAnother.")]),
        ("Before.\n# One\r\na", [("", "Before."), ("One", "a")]),
        ("## Empty", [("Empty", "")]),
        ("", []),
    ],
)
def test_headings_are_found_as_people_write_them(text, found):
    assert [(one.heading, one.body) for one in sections(text)] == found


def test_a_text_reads_as_it_was_written_even_if_a_body_looks_like_a_heading():
    written = [Section("Purpose", "First.\n## not a heading\nLast."), Section("Notes", "")]

    assert sections(compose(written)) == [Section("Purpose", "First.\nnot a heading\nLast."), Section("Notes", "")]


def test_our_own_draft_settles_what_pairs_have_to_settle():
    headings = [one.heading for one in sections(standard())]

    assert headings == [
        "Purpose",
        "Rhythm",
        "Channel",
        "Confidentiality and its limits",
        "Cancellations",
        "Notes",
        "What the manager is told",
        "Ending without blame",
    ]


def test_the_rhythm_of_the_programme_stands_in_the_draft():
    pair = MentorshipFactory(programme=ProgrammeFactory(state="running", rhythm_weeks=3, agreement=""))
    bodies = " ".join(one.body for one in queries.agreement_draft(pair))

    assert "We meet about every 3 weeks" in bodies
    assert "{" not in bodies


def test_the_clock_resumes_what_is_due_and_nothing_else(time_machine):
    today = clock.today()
    due, later, open_end = (MentorshipFactory() for _one in range(3))
    for pair, until in ((due, today + timedelta(days=2)), (later, today + timedelta(days=9)), (open_end, None)):
        actions.pause(pair, by=person(pair, "mentee").user, until=until)

    time_machine.move_to(clock.now() + timedelta(days=3))
    tasks.resume_due.func()
    tasks.resume_due.func()

    states = {one.pk: one.state for one in Mentorship.objects.all()}
    assert states == {due.pk: "active", later.pk: "paused", open_end.pk: "paused"}


@pytest.mark.django_db(transaction=True)
def test_people_are_told_and_never_the_reason(run_jobs):
    mentee = EnrolmentFactory(user=UserFactory(name="Priya Shah"), programme__state="running")
    mentor = MentorFactory(user=UserFactory(name="Bryn Evans"), programme=mentee.programme)
    by = coordinator_of(mentee.programme)
    pair = actions.begin(mentee=mentee, mentor=mentor, by=by, origin="coordinator")
    actions.write_agreement(pair, by=mentee.user, text="## Purpose\nSecret ambition.")
    for user in (mentee.user, mentor.user):
        actions.sign(pair, by=user, version=1)
    actions.end(pair, by=mentor.user, reason=Mentorship.EndReason.FIT)
    run_jobs()

    told = {(one.to[0], one.subject) for one in mail.outbox}
    assert told == {
        (mentee.user.email, "You and Bryn Evans can begin"),
        (mentor.user.email, "You and Priya Shah can begin"),
        (mentor.user.email, "Priya Shah has written your agreement"),
        (mentor.user.email, "Priya Shah has signed your agreement"),
        (mentee.user.email, "Bryn Evans has signed your agreement"),
        (mentee.user.email, "Your mentorship with Bryn Evans has ended"),
        (mentor.user.email, "Your mentorship with Priya Shah has ended"),
    }
    everything = "\n".join(one.body for one in mail.outbox)
    assert "right pairing" not in everything
    assert "Secret ambition" not in everything


@pytest.mark.django_db(transaction=True)
def test_two_who_said_yes_themselves_are_not_told_twice(run_jobs):
    mentee = EnrolmentFactory(programme__state="running")
    mentor = MentorFactory(programme=mentee.programme)
    actions.begin(mentee=mentee, mentor=mentor, by=mentor.user, origin="round")
    run_jobs()

    assert mail.outbox == []


def test_what_is_held_is_handed_over_and_erased():
    pair = MentorshipFactory()
    AgreementFactory(mentorship=pair, written_by=person(pair, "mentee").user)
    Signature.objects.create(agreement=pair.agreements.get(), participant=person(pair, "mentee"))
    mentee = person(pair, "mentee").user

    held = privacy.holds(mentee)
    assert held["mentorships"][0]["role"] == "mentee"
    assert "think aloud" in held["agreements"][0]["text"]
    assert len(held["signatures"]) == 1

    privacy.erase(mentee)

    agreement = Agreement.objects.get()
    assert (agreement.text, agreement.goals, agreement.written_by) == ("", [], None)
    pair.refresh_from_db()
    assert pair.state == "ended"
    assert [sentence for check in checks.CHECKS for sentence in check()] == []


def test_places_that_do_not_add_up_are_named():
    pair = MentorshipFactory()
    assert [sentence for check in checks.CHECKS for sentence in check()] == []
    enrolment = person(pair, "mentee").enrolment
    Enrolment.objects.filter(pk=enrolment.pk).update(taken=0)

    assert any(str(enrolment.pk) in sentence for check in checks.CHECKS for sentence in check())
