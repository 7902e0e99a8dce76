"""The record of a run and the report for the register: true, repeatable, and without anything that is confidential."""

import json
import re
import subprocess
import sys

import pytest
from django.urls import reverse

from commonhall.accounts.models import User
from commonhall.matching import privacy, register
from commonhall.matching.actions import scenarios
from commonhall.matching.desk import Desk
from commonhall.organisations.models import Organisation
from commonhall.people.models import Profile
from commonhall.programmes import cycle
from commonhall.programmes.models import Conflict, Enrolment
from pairing.types import DEFAULT_WEIGHTS
from tests.factories.accounts import UserFactory
from tests.factories.programmes import coordinator_of
from tests.matching.conftest import afternoon_of
from tests.matching.test_privacy import GOAL, OFFER

pytestmark = pytest.mark.django_db
PAGES = ("runs", "record", "report")


def words_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def told(client):
    """A run of people with secrets and own words, and its coordinator signed in."""
    day = afternoon_of(mentees=14, mentors=9)
    mentee, mentor = (day.place(pk) for pk in day.pairs[0])
    Profile.objects.filter(user__enrolments__role="mentee").update(want_to_learn=GOAL, adjustments="canary-a")
    Profile.objects.filter(user__enrolments__role="mentor").update(can_help=OFFER)
    Enrolment.objects.update(note_to_coordinator="canary-b")
    Conflict.objects.create(enrolment=mentee, person=mentor.user, words="canary-c")
    other = day.place(next(pk for pk in (one[0] for one in day.pairs) if pk != str(mentee.pk)))
    elsewhere = Organisation.objects.exclude(pk=other.organisation_id).first()
    Conflict.objects.create(enrolment=other, organisation=elsewhere, words="canary-d")
    scenarios.solve(day.scenario, by=day.coordinator)
    free = next(pair for pair in scenarios.queries.latest_run(day.scenario).result["pairs"][2:])
    people = {"mentee": day.place(free[0]), "mentor": day.place(free[1])}
    day.run = scenarios.fix(day.scenario, by=day.coordinator, kind="lock", reason="They asked for it.", **people)
    client.force_login(day.coordinator)
    return day


def test_the_record_gives_the_same_pairs_in_a_process_that_knows_no_database(client, told, tmp_path):
    response = client.get(reverse("matching:record", args=[told.run.pk]))
    assert response["Content-Disposition"] == f'attachment; filename="run-{told.run.pk}.json"'
    (tmp_path / "run.json").write_bytes(response.content)
    record = json.loads(response.content)
    assert {(one["mentee"], one["mentor"]) for one in record["result"]["pairs"]} == set(told.pairs)
    assert record["about"]["run_hash"] == told.run.inputs_hash
    assert [(one["kind"], one["reason"]) for one in record["decisions"]] == [("lock", "They asked for it.")]
    command = [sys.executable, "-m", "pairing", "repeat", str(tmp_path / "run.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.startswith(f"The same again: {len(told.pairs)} pairs"), done.stderr


@pytest.mark.parametrize("page", ["record", "report"])
def test_nothing_confidential_and_nobodys_name_or_words_are_in_it(client, told, page):
    text = client.get(reverse(f"matching:{page}", args=[told.run.pk])).content.decode()
    people = User.objects.filter(enrolments__programme=told.programme)
    secrets = ["canary", "not_with", '"blocked":', "line_manager", GOAL, OFFER, "person:user:", "organisation:"]
    for said in [*secrets, *people.values_list("name", flat=True), *people.values_list("email", flat=True)]:
        assert said not in text, said


def test_the_report_says_what_counts_how_it_decides_and_who_decided(client, told):
    text = words_of(client.get(reverse("matching:report", args=[told.run.pk])))
    for said in (
        "14 mentees, 9 mentors",
        f"{len(told.pairs)} pairs",
        "What the mentee wants and the mentor offers",
        "Goals and offers in people’s own words",
        "They never work for the same organisation.",
        "1 pair was kept together by hand. 1 of them has a written reason.",
        "Proven: no other set of pairs that keeps your rules does better.",
        "With a mentor",
        "wordllama",
    ):
        assert said in text, said
    shares = [int(one) for one in re.findall(r"(\d+) %", text.split("The data comes from")[0])]
    assert sum(shares) == pytest.approx(100, abs=len(shares) / 2)
    assert "They asked for it" not in text


def test_groups_of_fewer_than_five_are_not_told_apart(client, told):
    few = list(told.programme.enrolments.mentees().values_list("user", flat=True)[:3])
    Profile.objects.filter(user__in=few).update(level="9")
    Profile.objects.filter(user__enrolments__role="mentee").exclude(user__in=few).update(level="3")
    run = scenarios.solve(told.scenario, by=told.coordinator)
    text = words_of(client.get(reverse("matching:report", args=[run.pk])))
    assert "Chief executive" not in text
    assert "Groups of fewer than five people are counted together" in text


def test_the_record_of_a_run_with_somebody_who_is_forgotten_is_refused_in_words(client, told):
    privacy.erase(told.place(told.pairs[0][0]).user)
    scenarios.shared.stop()
    for page in ("record", "report"):
        response = client.get(reverse(f"matching:{page}", args=[told.run.pk]))
        assert response.status_code == 409
        assert "asked to be forgotten" in words_of(response)


@pytest.mark.parametrize("page", PAGES)
def test_only_who_runs_the_programme_sees_it(client, told, page):
    url = reverse(f"matching:{page}", args=[told.run.pk])
    assert client.get(url).status_code == 200
    for user in (
        UserFactory(),
        told.place(told.pairs[0][0]).user,
        coordinator_of(afternoon_of(mentees=2, mentors=2, seed=3).programme),
    ):
        client.force_login(user)
        assert client.get(url).status_code == 404


def test_the_page_of_a_run_leads_to_its_record_and_report(client, told):
    page = client.get(reverse("matching:runs", args=[told.run.pk])).content.decode()
    for name in ("record", "report"):
        assert f'href="{reverse(f"matching:{name}", args=[told.run.pk])}"' in page


@pytest.mark.parametrize("size", [(4, 3), (14, 9)])
def test_the_number_of_queries_does_not_depend_on_how_many_people_there_are(
    client, size, django_assert_max_num_queries
):
    day = afternoon_of(mentees=size[0], mentors=size[1])
    client.force_login(day.coordinator)
    with django_assert_max_num_queries(14):
        client.get(reverse("matching:report", args=[day.run.pk]))


def test_every_criterion_says_what_data_it_looks_at():
    assert set(register.LOOKS_AT) == set(DEFAULT_WEIGHTS) == set(cycle.WEIGHT_LABELS)


def test_a_criterion_about_which_nothing_was_known_is_told(told):
    answer = Desk().record(key="none", decisions=[], about={}, packed=bytes(told.run.inputs))
    record = json.loads(answer)
    record["problem"]["weights"]["rhythm"] = 5.0
    found = register.report(record, 2)
    assert [str(one) for one in found.silent if "meet" in str(one)] == ["How often both would like to meet"]
    assert "How often" not in str([str(one.label) for one in found.criteria])
