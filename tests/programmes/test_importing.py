import time

import pytest
from django.forms.models import model_to_dict

from commonhall.accounts.models import User
from commonhall.core import clock, errors
from commonhall.organisations.models import Membership
from commonhall.people.models import Profile, Topic, WorkingHours
from commonhall.programmes.importing import actions, writing
from commonhall.programmes.models import Conflict, Enrolment, Import, ImportedRow, Programme, SavedMapping
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory
from tests.factories.people import TopicFactory, WorkingHoursFactory
from tests.factories.programmes import EnrolmentFactory, MentorFactory
from tests.programmes.sheets import HEADINGS, ROWS, WRONG, sheet

pytestmark = pytest.mark.django_db
State = Import.State


def save(source, run_jobs, *, partial=False):
    actions.begin_saving(source, partial=partial, by=source.by)
    run_jobs()
    source.refresh_from_db()
    return source


def everything():
    """All that an import may touch, as plain values; without rows that only it makes."""
    tables = (User, Membership, Profile, Topic, WorkingHours, Enrolment, Conflict)
    return {
        table.__name__: sorted(str(sorted(model_to_dict(row).items(), key=str)) for row in table.objects.all())
        for table in tables
    } | {"stamps": sorted(Profile.objects.values_list("pk", "updated_at", "listed_at"))}


def test_a_small_sheet_is_looked_at_at_once_and_nothing_is_saved(upload):
    source = upload(*ROWS)
    assert (source.state, source.total) == (State.CHECKED, 3)
    assert source.counts | {"notes": 0} == source.counts | {
        "notes": 0,
        "sound": 3,
        "wrong": 0,
        "errors": 0,
        "new": 3,
        "known": 0,
        "mentees": 2,
        "mentors": 1,
        "outside": 0,
    }
    assert not Enrolment.objects.exists()


def test_saving_makes_people_places_profiles_and_conflicts(upload, programme, run_jobs, mailoutbox):
    source = save(upload(*ROWS), run_jobs)
    assert (source.state, source.done, source.counts["created"]) == (State.SAVED, 3, 3)
    adam = User.objects.get(email="adam.bell@harbour.example")
    place = programme.enrolments.get(user=adam)
    assert (place.role, place.state, place.capacity, place.organisation.name) == (
        "mentor",
        "approved",
        2,
        "Harbour Borough Council",
    )
    profile = adam.profile
    assert (profile.service_area, profile.level, profile.can_help, profile.languages) == (
        "parking",
        "6",
        "Tariffs",
        ["en", "cy"],
    )
    assert sorted(profile.hours.values_list("weekday", flat=True).distinct()) == [0, 4]
    assert [c.organisation.name for c in place.conflicts.all() if c.organisation] == ["Hilltop District Council"]
    assert programme.enrolments.get(user__name="Zoë Müller").goal == "To chair"
    assert not adam.has_usable_password()
    assert profile.listed_at is None
    assert mailoutbox == []


def test_people_wait_for_a_decision_when_asked(upload, programme, run_jobs):
    save(upload(*ROWS, approves=False), run_jobs)
    assert set(programme.enrolments.values_list("state", flat=True)) == {"applied"}


def test_no_more_people_get_a_place_than_there_are_places(upload, programme, run_jobs):
    Programme.objects.filter(pk=programme.pk).update(mentee_places=1)
    save(upload(*ROWS), run_jobs)
    assert sorted(programme.enrolments.mentees().values_list("state", flat=True)) == ["applied", "approved"]


def test_consent_in_the_sheet_puts_a_mentor_into_the_directory(upload, programme, run_jobs):
    headings = f"{HEADINGS},I agree to be listed in the directory"
    save(upload(content=sheet(f"{ROWS[1]},Yes", headings=headings)), run_jobs)
    assert programme.enrolments.listed().count() == 1


def test_the_same_sheet_again_changes_nothing(upload, run_jobs):
    save(upload(*ROWS), run_jobs)
    before = everything()
    source = save(upload(*ROWS), run_jobs)
    assert everything() == before
    assert (source.counts["known"], source.counts["created"]) == (3, 0)


def test_a_newer_sheet_updates_and_makes_nobody_twice(upload, programme, run_jobs):
    save(upload(*ROWS), run_jobs)
    newer = ROWS[1].replace("adam.bell@", "Adam.BELL@").replace("Tariffs,2", "Tariffs and permits,3")
    save(upload(newer), run_jobs)
    adam = User.objects.get(email__iexact="adam.bell@harbour.example")
    assert adam.profile.can_help == "Tariffs and permits"
    assert programme.enrolments.get(user=adam).capacity == 3
    assert User.objects.filter(email__icontains="adam.bell").count() == 1


def test_capacity_does_not_fall_below_the_places_in_use(upload, programme, run_jobs):
    save(upload(*ROWS), run_jobs)
    programme.enrolments.mentors().update(taken=2)
    save(upload(ROWS[1].replace("Tariffs,2", "Tariffs,1")), run_jobs)
    assert programme.enrolments.mentors().get().capacity == 2


def test_whoever_has_signed_in_keeps_their_own_words(upload, programme, councils, run_jobs):
    adam = UserFactory(email="adam.bell@harbour.example", name="Adam J. Bell", first_seen_at=clock.now())
    MembershipFactory(user=adam, organisation=councils[1])
    profile = Profile.objects.create(user=adam, can_help="My own words", level="")
    TopicFactory(profile=profile, kind="service", key="housing")
    save(upload(ROWS[1]), run_jobs)
    adam.refresh_from_db()
    profile.refresh_from_db()
    assert (adam.name, adam.membership.organisation) == ("Adam J. Bell", councils[1])
    assert (profile.can_help, profile.level) == ("My own words", "6")
    assert list(profile.topics.values_list("key", flat=True)) == ["housing"]
    assert programme.enrolments.get(user=adam).state == "approved"


def test_undo_removes_whom_it_brought_in(upload, programme, coordinator, run_jobs):
    before = everything()
    source = save(upload(*ROWS), run_jobs)
    assert actions.undo(source, by=coordinator) == 0
    assert everything() == before
    source.refresh_from_db()
    assert source.state == State.UNDONE


def test_undo_puts_back_exactly_what_was_there(upload, programme, councils, coordinator, run_jobs):
    known = MentorFactory(
        programme=programme,
        user__email="adam.bell@harbour.example",
        user__name="A. Bell",
        organisation=councils[0],
        capacity=1,
    )
    Profile.objects.filter(user=known.user).update(can_help="Older words", level="4", languages=["fr"])
    TopicFactory(profile=known.user.profile, key="housing")
    WorkingHoursFactory(profile=known.user.profile, weekday=2, week=WorkingHours.Week.SECOND)
    before = everything()
    source = save(upload(*ROWS), run_jobs)
    assert everything() != before
    known.user.refresh_from_db()
    assert known.user.name == "Adam Bell"
    assert actions.undo(source, by=coordinator) == 0
    assert everything() == before


def test_undo_leaves_what_was_used_since(upload, programme, coordinator, run_jobs):
    source = save(upload(*ROWS), run_jobs)
    zoe, adam, mo = (User.objects.get(email__startswith=name) for name in ("zoe", "adam", "mo"))
    User.objects.filter(pk=zoe.pk).update(first_seen_at=clock.now())
    Profile.objects.filter(user=zoe).update(biography="I am here", updated_at=clock.now())
    programme.enrolments.filter(user=adam).update(taken=1)
    assert actions.undo(source, by=coordinator) == 2
    assert set(User.objects.filter(pk__in=[zoe.pk, adam.pk, mo.pk])) == {zoe, adam}
    assert Profile.objects.get(user=zoe).biography == "I am here"
    assert programme.enrolments.get().user == adam


def test_undo_happens_once_and_only_by_a_coordinator(upload, coordinator, colleague, run_jobs):
    source = save(upload(*ROWS), run_jobs)
    with pytest.raises(errors.Refused):
        actions.undo(source, by=colleague)
    actions.undo(source, by=coordinator)
    with pytest.raises(errors.Refused, match="Only an import that was saved"):
        actions.undo(source, by=coordinator)


def test_a_wrong_line_holds_everything_back_unless_only_sound_lines_are_asked_for(
    upload, programme, coordinator, run_jobs
):
    source = upload(*ROWS, WRONG)
    assert source.counts["wrong"] == 1
    with pytest.raises(errors.Conflict, match="Some lines have problems"):
        actions.begin_saving(source, partial=False, by=coordinator)
    assert not Enrolment.objects.exists()
    save(source, run_jobs, partial=True)
    assert programme.enrolments.count() == 3


def test_the_second_of_two_clicks_does_nothing(upload, coordinator, run_jobs):
    source = upload(*ROWS)
    stale = Import.objects.get(pk=source.pk)
    actions.begin_saving(source, partial=False, by=coordinator)
    with pytest.raises(errors.Conflict, match="being saved already"):
        actions.begin_saving(stale, partial=False, by=coordinator)
    assert run_jobs().count("programmes.tasks.save_import") == 1
    assert ImportedRow.objects.count() == 3


def test_uploading_the_same_file_twice_is_one_upload(upload):
    assert upload(*ROWS).pk == upload(*ROWS).pk
    assert upload(*ROWS, role="mentor").pk != upload(*ROWS).pk


class Killed(BaseException):
    """The process is gone: nothing catches this."""


def test_a_job_that_was_killed_goes_on_where_it_was(upload, coordinator, monkeypatch):
    monkeypatch.setattr(actions, "BATCH", 1)
    source = upload(*ROWS)
    actions.begin_saving(source, partial=False, by=coordinator)
    source.refresh_from_db()
    write = writing.Writer.write
    written = []

    def write_one_and_die(self):
        if written:
            raise Killed
        written.append(write(self))

    monkeypatch.setattr(writing.Writer, "write", write_one_and_die)
    with pytest.raises(Killed):
        actions.go_on_saving(source)
    source.refresh_from_db()
    assert (source.state, source.done) == (State.RUNNING, 1)
    monkeypatch.setattr(writing.Writer, "write", write)
    actions.go_on_saving(source)
    source.refresh_from_db()
    assert (source.state, source.done) == (State.SAVED, 3)
    assert ImportedRow.objects.count() == Enrolment.objects.count() == 3


def test_an_import_that_fails_midway_leaves_nothing(upload, coordinator, monkeypatch):
    monkeypatch.setattr(actions, "BATCH", 1)
    source = upload(*ROWS)
    before = everything()
    actions.begin_saving(source, partial=False, by=coordinator)
    source.refresh_from_db()
    write = writing.Writer.write

    def fail_at_the_last(self):
        if self.changes[0].row.name == "Mo Khan":
            raise RuntimeError("the disk is full")
        write(self)

    monkeypatch.setattr(writing.Writer, "write", fail_at_the_last)
    with pytest.raises(RuntimeError):
        actions.go_on_saving(source)
    source.refresh_from_db()
    assert source.state == State.FAILED
    assert everything() == before


def test_a_large_file_is_read_by_a_job(upload, monkeypatch, run_jobs):
    monkeypatch.setattr(actions, "AT_ONCE", 10)
    source = upload(*ROWS)
    assert source.state == State.UPLOADED
    assert source.upload.storage.exists(source.upload.name)
    name = source.upload.name
    run_jobs()
    source.refresh_from_db()
    assert (source.state, source.total) == (State.CHECKED, 3)
    assert not source.upload.storage.exists(name)


def test_columns_are_chosen_and_remembered_for_the_pool(upload, programme, coordinator):
    odd = sheet(
        *[row.split(",", 1)[1] for row in ROWS[:1]], headings=HEADINGS.split(",", 1)[1].replace("Wants", "Blah")
    )
    source = upload(content=odd, role="mentee")
    assert "Blah" not in source.mapping
    actions.choose_columns(source, {**source.mapping, "Blah": "wants"}, role="mentee", approves=True, by=coordinator)
    assert SavedMapping.objects.get().mapping["Blah"] == "wants"
    again = upload(content=odd + b"\n", role="mentee")
    assert again.mapping["Blah"] == "wants"


@pytest.mark.parametrize("number", [1, 3])
def test_writing_asks_the_same_number_of_questions_whatever_the_length(upload, number, django_assert_max_num_queries):
    source = upload(*ROWS[:number])
    source.state = State.RUNNING
    with django_assert_max_num_queries(75):
        actions.go_on_saving(source)


def test_an_existing_application_keeps_its_state(upload, programme, councils, run_jobs):
    waiting = EnrolmentFactory(
        programme=programme, user__email="zoe.muller@harbour.example", organisation=councils[0], state="declined"
    )
    save(upload(ROWS[0]), run_jobs)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.goal) == ("declined", "To chair")


@pytest.mark.slow
def test_five_thousand_lines_are_saved_in_under_twenty_seconds_of_work(upload, programme, run_jobs):
    """Measured as this process's own work, so that a busy machine does not fail it."""
    rows = [
        f"{'Mentor' if n % 2 else 'Mentee'},Person {_letters(n)},person{n}@harbour.example,Harbour Borough Council,"
        f"Officer,Housing,{2 + n % 6},To lead a team,Budgets and inquiries,{'2' if n % 2 else ''},English,Monday,"
        for n in range(5_000)
    ]
    begun = time.process_time()
    source = upload(*rows)
    run_jobs()
    source.refresh_from_db()
    save(source, run_jobs)
    assert time.process_time() - begun < 20
    assert (source.state, programme.enrolments.count()) == (State.SAVED, 5_000)


def _letters(number):
    """A surname of its own for each number."""
    return "".join(chr(97 + number // 26**place % 26) for place in range(3)).title()


def test_whom_a_coordinator_brings_in_is_confirmed_and_undo_takes_that_back(upload, councils, coordinator, run_jobs):
    adam = UserFactory(email="adam.bell@harbour.example", first_seen_at=clock.now())
    own = MembershipFactory(user=adam, organisation=councils[0], confirmed_at=None)
    source = save(upload(*ROWS), run_jobs)
    assert not Membership.objects.waiting().exists()
    actions.undo(source, by=coordinator)
    own.refresh_from_db()
    assert own.confirmed_at is None
