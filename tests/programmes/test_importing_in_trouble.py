"""An import that meets trouble, or a colleague: nothing is lost, nothing happens twice, no rule is passed by."""

from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from commonhall.core import errors
from commonhall.history.models import Event
from commonhall.programmes.importing import actions, writing
from commonhall.programmes.models import Eligibility, Import, Programme
from tests.programmes.sheets import ROWS
from tests.programmes.test_importing import everything, save

pytestmark = pytest.mark.django_db
State = Import.State


def test_a_busy_database_is_tried_again_and_in_the_end_everything_is_taken_back(
    upload, coordinator, monkeypatch, run_jobs
):
    monkeypatch.setattr(actions, "BATCH", 1)
    source = upload(*ROWS)
    before = everything()
    actions.begin_saving(source, partial=False, by=coordinator)
    write = writing.Writer.write

    def busy_at_the_last(self):
        if self.changes[0].row.name == "Mo Khan":
            raise OperationalError("database is locked")
        write(self)

    monkeypatch.setattr(writing.Writer, "write", busy_at_the_last)
    stood = []
    for hours in range(3):
        with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=False):
            run_jobs(forgiving=True)
        source.refresh_from_db()
        stood.append(source.state)
    assert stood[:2] == [State.RUNNING] * 2
    with time_machine.travel(timezone.now() + timedelta(hours=4), tick=False):
        run_jobs()
    source.refresh_from_db()
    assert source.state == State.FAILED
    assert everything() == before


def test_a_line_that_another_worker_has_written_is_not_written_again(upload, coordinator):
    source = upload(*ROWS)
    actions.begin_saving(source, partial=False, by=coordinator)
    stale = Import.objects.get(pk=source.pk)
    actions.go_on_saving(Import.objects.get(pk=source.pk))
    actions.go_on_saving(stale)
    source.refresh_from_db()
    assert (source.state, source.done, source.counts["created"]) == (State.SAVED, 3, 3)
    assert Event.objects.filter(verb="import.saved").count() == 1


def test_columns_cannot_be_chosen_any_more_once_saving_began(upload, coordinator):
    source = upload(*ROWS)
    stale = Import.objects.get(pk=source.pk)
    actions.begin_saving(source, partial=False, by=coordinator)
    with pytest.raises(errors.Refused):
        actions.choose_columns(stale, stale.mapping, role="mentee", approves=True, by=coordinator)
    source.refresh_from_db()
    assert (source.state, source.role) == (State.RUNNING, "")


def test_a_sheet_gives_no_place_that_an_organisation_does_not_offer(upload, programme, councils, run_jobs):
    programme.pool.members.filter(organisation=councils[0]).update(may_be_mentored=False)
    Eligibility.objects.create(programme=programme, organisation=councils[1], mentees=False)
    save(upload(*ROWS), run_jobs)
    states = dict(programme.enrolments.values_list("user__name", "state"))
    assert states == {"Zoë Müller": "applied", "Adam Bell": "approved", "Mo Khan": "applied"}


def test_a_sheet_gives_only_elected_members_a_place_in_their_programme(upload, programme, run_jobs):
    Programme.objects.filter(pk=programme.pk).update(members_only=True)
    save(upload(*ROWS[:2], ROWS[2].replace(",2,To lead", ",E1,To lead")), run_jobs)
    states = dict(programme.enrolments.values_list("user__name", "state"))
    assert states == {"Zoë Müller": "applied", "Adam Bell": "applied", "Mo Khan": "approved"}


def test_history_says_who_was_brought_in_and_nobody_gets_mail(upload, coordinator, run_jobs, mailoutbox):
    source = save(upload(*ROWS), run_jobs)
    brought = Event.objects.filter(verb="enrolment.imported")
    assert {event.about.user.name for event in brought} == {"Zoë Müller", "Adam Bell", "Mo Khan"}
    assert {event.by for event in brought} == {source.by}
    assert not mailoutbox
