"""Large rounds: worked out in the background, shown while they are, stopped on request, never under way for ever."""

import os
import time

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult as Job

from commonhall.core.errors import Conflict, Refused
from commonhall.matching import privacy, tasks
from commonhall.matching.actions import rounds, scenarios, solvings
from commonhall.matching.models import Edit, Run, Solving
from commonhall.matching.queries import rounds as queries
from commonhall.matching.solver import Solver, Stopped
from tests.factories.matching import region
from tests.factories.programmes import ProgrammeFactory, coordinator_of
from tests.matching.test_views_of_rounds import hours_matter_most, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, afternoon, monkeypatch):
    client.force_login(afternoon.coordinator)
    monkeypatch.setattr(queries, "AT_ONCE", 3)
    return afternoon


def again(page, by=None):
    return solvings.do(page.scenario, "solve", by=by or page.coordinator)


def shown(client, page, name="round", **asked):
    return words_of(client.get(reverse(f"matching:{name}", args=[page.round.pk]), asked))


def test_a_large_round_begins_with_its_first_plan_under_way(client, run_jobs, monkeypatch):
    programme = ProgrammeFactory()
    region(programme, mentees=4, mentors=3)
    monkeypatch.setattr(queries, "AT_ONCE", 3)
    client.force_login(coordinator_of(programme))
    text = words_of(client.post(reverse("matching:rounds", args=[programme.slug]), {"name": "Autumn"}, follow=True))
    assert "Waiting for its turn" in text
    assert "Nobody to match yet" not in text
    assert not Run.objects.exists()
    run_jobs()
    round = programme.rounds.get()
    assert Run.objects.get().result["pairs"]
    assert Solving.objects.get().state == "done"
    text = words_of(client.get(reverse("matching:round", args=[round.pk])))
    assert "Waiting for its turn" not in text
    assert "Proven: no other set of pairs" in text


def test_a_round_of_as_many_as_can_be_is_solved_at_once(page, monkeypatch):
    monkeypatch.setattr(queries, "AT_ONCE", 17)
    assert isinstance(again(page), Run)
    monkeypatch.setattr(queries, "AT_ONCE", 16)
    assert isinstance(again(page), Solving)


def test_weights_are_kept_when_they_are_worked_out_and_not_before(client, page, run_jobs):
    client.post(reverse("matching:keep", args=[page.round.pk]), hours_matter_most(page))
    page.scenario.refresh_from_db()
    assert page.scenario.weights["hours"] != 10
    run_jobs()
    page.scenario.refresh_from_db()
    assert page.scenario.weights["hours"] == 10
    assert Run.objects.count() == 2
    assert Solving.objects.get().given == {}


def test_every_act_is_done_in_the_background_as_at_once(client, page, run_jobs):
    mentee, mentor = (int(pk) for pk in page.pairs[0])
    pair = reverse("matching:pair", args=[page.round.pk, mentee, mentor])
    client.post(pair, {"kind": "lock", "reason": "They have met"})
    assert not Edit.objects.exists()
    run_jobs()
    edit = Edit.objects.get()
    assert (edit.kind, edit.mentee_id, edit.mentor_id, edit.by) == ("lock", mentee, mentor, page.coordinator)
    client.post(reverse("matching:lift", args=[edit.pk]))
    run_jobs()
    assert not Edit.objects.exists()
    client.post(reverse("matching:compare", args=[page.round.pk]), {"name": "Another", "scenario": page.scenario.pk})
    run_jobs()
    assert page.round.scenarios.filter(name="Another").exists()
    person = page.without()[0]
    run = queries.latest_run(page.scenario)
    client.post(reverse("matching:take_up", args=[run.pk]), {"person": person, "number": "0"})
    run_jobs()
    assert [one.state for one in Solving.objects.all()] == ["done"] * 4
    assert person not in [one["person_id"] for one in queries.latest_run(page.scenario).result["unmatched"]]


def test_starting_it_twice_is_one_job(page):
    colleague = coordinator_of(page.programme)
    assert again(page) == again(page, by=colleague)
    assert Job.objects.filter(task_path__endswith="work_out").count() == 1


def test_another_change_waits_until_the_first_is_done(page, run_jobs):
    again(page)
    with pytest.raises(Conflict, match="is being worked out"):
        solvings.do(page.scenario, "copy", by=page.coordinator, name="B")
    run_jobs()
    assert isinstance(solvings.do(page.scenario, "copy", by=page.coordinator, name="B"), Solving)


def test_what_waits_is_stopped_and_never_begins(client, page, run_jobs):
    solving = again(page)
    text = words_of(client.post(reverse("matching:stop", args=[solving.pk]), follow=True))
    assert "Stopped. Nothing has been changed." in text
    assert "The pairs are as they were." in text
    run_jobs()
    solving.refresh_from_db()
    assert solving.state == "stopped"
    assert Run.objects.get() == page.run


def test_what_has_ended_cannot_be_stopped(page, run_jobs):
    solving = again(page)
    run_jobs()
    with pytest.raises(Conflict, match="ended already"):
        solvings.stop(solving, by=page.coordinator)
    assert Run.objects.count() == 2


def test_a_plan_that_is_stopped_while_it_is_solved_is_not_kept(page, monkeypatch):
    solving = again(page)
    worked_out = scenarios._worked_out

    def meanwhile(*given):
        answer = worked_out(*given)
        solvings.stop(solving, by=page.coordinator)
        return answer

    monkeypatch.setattr(scenarios, "_worked_out", meanwhile)
    tasks.work_out.func(solving.pk)
    solving.refresh_from_db()
    assert solving.state == "stopped"
    assert Run.objects.get() == page.run


def test_a_process_that_nobody_waits_for_any_more_is_ended():
    seen = []
    solver = Solver(wanted=lambda: bool(seen.append(solver.pid)), seconds=20)
    begun = time.monotonic()
    solver._ensure()
    os.kill(solver.pid, 19)  # stopped by a signal, it would never answer
    with pytest.raises(Stopped):
        solver.ask("repeat", packed=b"")
    assert time.monotonic() - begun < 15
    assert solver.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(seen[0], 0)


def test_what_cannot_be_is_told_on_the_page_and_can_be_tried_again(client, page, run_jobs):
    solving = again(page)
    Solving.objects.filter(pk=solving.pk).update(act="fix", given=_impossible(page))
    run_jobs()
    solving.refresh_from_db()
    assert solving.state == "failed"
    text = shown(client, page)
    assert "Could not be worked out" in text
    assert solving.said in text
    assert "Match again" in text
    assert Run.objects.get() == page.run


def _impossible(page):
    mentee, mentor = (page.place(pk) for pk in page.pairs[0])
    mentor.organisation = mentee.organisation
    mentor.save()
    return {"kind": "lock", "mentee": mentee.pk, "mentor": mentor.pk, "reason": ""}


def test_a_run_whose_worker_was_killed_is_taken_up_again(page, run_jobs):
    solving = again(page)
    Solving.objects.filter(pk=solving.pk).update(state="running", attempt=1)
    run_jobs()
    solving.refresh_from_db()
    assert (solving.state, solving.attempt) == ("done", 2)
    assert Run.objects.count() == 2


def test_of_two_workers_only_the_one_that_took_it_up_last_finishes_it(page, monkeypatch):
    solving = again(page)
    worked_out = scenarios._worked_out

    def overtaken(*given):
        monkeypatch.setattr(scenarios, "_worked_out", worked_out)
        answer = worked_out(*given)
        tasks.work_out.func(solving.pk)
        return answer

    monkeypatch.setattr(scenarios, "_worked_out", overtaken)
    tasks.work_out.func(solving.pk)
    solving.refresh_from_db()
    assert (solving.state, solving.attempt) == ("done", 2)
    assert Run.objects.count() == 2


def test_what_kills_every_worker_is_given_up_in_words(client, page):
    solving = again(page)
    Solving.objects.filter(pk=solving.pk).update(state="running", attempt=3)
    tasks.give_solving_up.func(solving.pk)
    assert "The server stopped several times while this was worked out." in shown(client, page)


def test_a_round_that_is_published_meanwhile_stays_as_it_is(page, run_jobs):
    solving = again(page)
    rounds.publish(page.round, by=page.coordinator, run=page.run)
    run_jobs()
    solving.refresh_from_db()
    assert (solving.state, solving.said) == ("failed", "This round has been published, so it stays as it is.")


@pytest.mark.parametrize("state", ["queued", "running"])
def test_the_page_says_since_when_and_who_began_it(client, page, state):
    solving = again(page)
    Solving.objects.update(state=state, started_at=solving.queued_at)
    for name in ("round", "progress"):
        text = shown(client, page, name)
        assert str(solving.State(state).label) in text
        assert "Bridget Sarpong began it." in text
        assert "the pairs below are the former ones" in text


def test_the_doorbell_tells_that_it_is_done(client, page, run_jobs):
    again(page)
    run_jobs()
    assert "The matching is done. Show the pairs" in shown(client, page, "progress", seen=page.run.pk)
    newest = queries.latest_run(page.scenario)
    assert "The matching is done" not in shown(client, page, "progress", seen=newest.pk)


def test_nothing_is_tried_while_somebody_waits(client, page, monkeypatch):
    monkeypatch.setattr(queries, "ask", None)
    mentee, mentor = page.pairs[0]
    other = next(one for _mentee, one in page.pairs if one != mentor)
    assert "Set what counts, then match again." in shown(client, page)
    assert "too large to try" in shown(client, page, "without")
    assert "too large" in shown(client, page, "recruiting")
    assert (
        not client.get(reverse("matching:round", args=[page.round.pk]), hours_matter_most(page)).context["plan"].moves
    )
    for one, said in ((mentor, "How they fit"), (other, "how these two would fit")):
        text = words_of(client.get(reverse("matching:pair", args=[page.round.pk, mentee, one])))
        assert said in text
        assert "Keep together" in text


def test_strangers_neither_see_nor_stop_it(client, page):
    solving = again(page)
    stranger = coordinator_of(ProgrammeFactory())
    with pytest.raises(Refused):
        solvings.stop(solving, by=stranger)
    client.force_login(stranger)
    assert client.post(reverse("matching:stop", args=[solving.pk])).status_code == 404
    assert client.get(reverse("matching:progress", args=[page.round.pk])).status_code == 404
    solving.refresh_from_db()
    assert solving.state == "queued"


def test_whoever_asks_to_be_forgotten_is_in_no_round_that_waits(page):
    solving = solvings.do(
        page.scenario, "fix", by=page.coordinator, kind="forbid", mentee=int(page.pairs[0][0]),
        mentor=int(page.pairs[0][1]), reason="She told me something",
    )  # fmt: skip
    privacy.erase(page.place(page.pairs[0][0]).user)
    solving.refresh_from_db()
    assert (solving.state, solving.given) == ("stopped", {})
