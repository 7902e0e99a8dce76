import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from commonhall.core import clock
from commonhall.programmes.models import Eligibility, Enrolment, Programme
from commonhall.programmes.queries import programmes as queries
from tests.factories.programmes import EnrolmentFactory, MentorFactory, ProgrammeFactory, member_of, owner_of

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"programmes:{name}", args=args)


COORDINATORS_PAGES = ["texts", "places", "rules", "dates", "organisations", "applicants", "imports"]
SLUG_PAGES = ["detail", "directory", *COORDINATORS_PAGES]


@pytest.mark.parametrize("page", SLUG_PAGES)
def test_an_outsider_finds_nothing(client, outsider, programme, page):
    client.force_login(outsider)
    response = client.get(url(page, programme.slug))
    assert response.status_code == 404
    assert programme.name not in response.content.decode()


@pytest.mark.parametrize("page", COORDINATORS_PAGES)
def test_a_colleague_finds_none_of_the_coordinators_pages(as_colleague, programme, page):
    assert as_colleague.get(url(page, programme.slug)).status_code == 404


@pytest.mark.parametrize("page", SLUG_PAGES)
def test_the_coordinator_reads_every_page(as_coordinator, programme, page):
    content = as_coordinator.get(url(page, programme.slug)).content.decode()
    assert programme.name in content
    assert "<h1>" in content


@pytest.mark.parametrize("page", SLUG_PAGES)
def test_a_stranger_is_asked_to_sign_in(client, programme, page):
    assert client.get(url(page, programme.slug)).headers["Location"].startswith(reverse("account_login"))


def test_the_list_shows_what_one_runs_and_what_waits(as_coordinator, programme):
    EnrolmentFactory(programme=programme, state="applied")
    other = ProgrammeFactory(name="Somewhere Else")
    content = as_coordinator.get(url("list")).content.decode()
    assert "You run" in content
    assert "1 application waits" in content
    assert other.name not in content


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_questions_whatever_its_length(
    client, programme, number, django_assert_max_num_queries
):
    owner = owner_of(programme.pool)
    ProgrammeFactory.create_batch(number - 1, pool=programme.pool)
    client.force_login(owner)
    client.get(url("list"))
    with django_assert_max_num_queries(11):
        assert client.get(url("list")).content.decode().count("card-title") == number


def test_a_draft_is_made_from_a_template(as_coordinator, programme):
    assert "Flash: one meeting" in as_coordinator.get(url("templates")).content.decode()
    kick_off = clock.today() + timedelta(weeks=12)
    page = url("create", "flash")
    response = as_coordinator.post(
        page, {"name": "Lunch hours", "pool": programme.pool.pk, "kick_off_on": kick_off, "cycle": "flash"}
    )
    made = Programme.objects.get(slug="lunch-hours")
    assert response.headers["Location"] == url("detail", made.slug)
    assert (made.state, made.kind, made.meetings_planned) == ("draft", "flash", 1)
    assert made.milestones.get(key="end").on == kick_off + timedelta(weeks=4)
    assert "Only" not in as_coordinator.get(url("detail", made.slug)).content.decode()


def test_a_draft_without_a_name_comes_back_with_the_reason(as_coordinator, programme):
    response = as_coordinator.post(url("create", "flash"), {"pool": programme.pool.pk, "cycle": "flash"})
    assert response.status_code == 422
    content = response.content.decode()
    assert "Enter a name for the programme" in content
    assert "Choose the day of the kick-off" in content


@pytest.mark.parametrize("page", ["templates", "create"])
def test_whoever_runs_nothing_starts_nothing(as_colleague, page):
    assert as_colleague.get(url(page, *(["flash"] if page == "create" else []))).status_code == 404


def test_an_unknown_template_is_not_there(as_coordinator):
    assert as_coordinator.get(url("create", "nonsense")).status_code == 404


@pytest.mark.parametrize(
    ("state", "to", "becomes"),
    [
        ("draft", "open", "open"),
        ("open", "match", "matching"),
        ("matching", "open", "open"),
        ("open", "start", "running"),
        ("running", "finish", "finished"),
    ],
)
def test_a_programme_is_moved_on_by_a_button(as_coordinator, programme, state, to, becomes):
    Programme.objects.filter(pk=programme.pk).update(state=state)
    page = as_coordinator.get(url("detail", programme.slug)).content.decode()
    assert f'value="{to}"' in page
    as_coordinator.post(url("move", programme.slug), {"to": to})
    programme.refresh_from_db()
    assert programme.state == becomes


def test_a_move_that_does_not_fit_is_refused_with_its_reason(as_coordinator, programme):
    response = as_coordinator.post(url("move", programme.slug), {"to": "finish"})
    assert response.status_code == 403
    assert "Only a programme that is running" in response.content.decode()
    assert as_coordinator.post(url("move", programme.slug), {"to": "mars"}).status_code == 404


def test_a_colleague_cannot_move_it_on(as_colleague, programme):
    assert as_colleague.post(url("move", programme.slug), {"to": "match"}).status_code == 403
    programme.refresh_from_db()
    assert programme.state == "open"


def words(programme, **changed):
    names = ("name", "summary", "purpose", "audience", "asks", "gives", "agreement")
    return {name: getattr(programme, name) for name in names} | changed


def test_words_are_previewed_before_they_are_saved(as_coordinator, programme):
    page = url("texts", programme.slug)
    preview = as_coordinator.post(page, words(programme, summary="A calmer summary.") | {"preview": "1"})
    assert preview.content.decode().count("A calmer summary.") == 2
    programme.refresh_from_db()
    assert programme.summary != "A calmer summary."
    assert as_coordinator.post(page, words(programme, summary="A calmer summary.")).status_code == 302
    programme.refresh_from_db()
    assert programme.summary == "A calmer summary."


def test_a_programme_keeps_a_name(as_coordinator, programme):
    response = as_coordinator.post(url("texts", programme.slug), words(programme, name=""))
    assert response.status_code == 422
    assert "Enter a name for the programme" in response.content.decode()
    assert f'eyebrow">{programme.name}' in response.content.decode()


def test_rules_are_previewed_in_words_and_saved(as_coordinator, programme):
    page = url("rules", programme.slug)
    form = as_coordinator.get(page).context["form"]
    data = {name: value for name, value in form.initial.items() if name in form.fields and value is not None}
    data |= {
        "cross_share": 60,
        "weight_hours": 9,
        "least_levels": 0,
        "most_levels": 4,
        "likes_least": 1,
        "likes_most": 2,
    }
    data = {name: value for name, value in data.items() if value is not False}
    preview = as_coordinator.post(page, data | {"preview": "1"}).content.decode()
    assert "At least 60% of the pairs" in preview
    assert "What counts most: Hours when both can meet" in preview
    programme.refresh_from_db()
    assert programme.rules["cross_organisation_share"] is None
    assert as_coordinator.post(page, data).status_code == 302
    programme.refresh_from_db()
    assert programme.rules["cross_organisation_share"] == 0.6
    assert programme.rules["seniority"] == [0, 4]
    assert programme.weights["hours"] == 9


def test_hours_that_the_list_does_not_hold_stay_when_other_rules_are_saved(as_coordinator, programme):
    Programme.objects.filter(pk=programme.pk).update(rules=programme.rules | {"min_shared_minutes": 420})
    page = url("rules", programme.slug)
    shown = as_coordinator.get(page)
    assert "at least 7 hours of their working week" in shown.content.decode()
    form = shown.context["form"]
    data = {field.html_name: field.value() for field in form if field.value() not in (None, "")}
    data = {name: value for name, value in data.items() if value is not False}
    assert as_coordinator.post(page, data | {"weight_hours": 9}).status_code == 302
    programme.refresh_from_db()
    assert (programme.rules["min_shared_minutes"], programme.weights["hours"]) == (420, 9)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"least_levels": 3, "most_levels": 1}, "must not be smaller"),
        ({"least_levels": 3}, "Give both numbers"),
        ({"weight_hours": 11}, "has to be 10 or less"),
    ],
)
def test_rules_that_make_no_sense_are_said_so(as_coordinator, programme, changed, message):
    form = as_coordinator.get(url("rules", programme.slug)).context["form"]
    data = {name: value for name, value in form.initial.items() if name in form.fields and value is not None}
    response = as_coordinator.post(url("rules", programme.slug), data | changed)
    assert response.status_code == 422
    assert message in response.content.decode()


def test_the_whole_timeline_is_moved_or_one_date_of_it(as_coordinator, programme):
    page = url("dates", programme.slug)
    as_coordinator.post(page, {"plan": "1", "kick_off_on": "2027-03-01"})
    programme.refresh_from_db()
    assert programme.milestones.get(key="review").on == date(2027, 6, 7)
    data = {f"on_{row.key}": row.on for row in programme.milestones.all()}
    data |= {"on_review": "2027-06-14", "on_debrief": "", "new_label": "Summer party", "new_on": "2027-07-01"}
    data |= {"applications_close_on": "2027-02-01", "ends_on": "2027-11-01"}
    assert as_coordinator.post(page, data).status_code == 302
    programme.refresh_from_db()
    dates = dict(programme.milestones.values_list("label", "on"))
    assert dates["Half-way review"] == date(2027, 6, 14)
    assert dates["Summer party"] == date(2027, 7, 1)
    assert "Debrief with the pool" not in dates
    assert programme.applications_close_on == date(2027, 2, 1)


def test_a_new_date_needs_a_name_and_a_day(as_coordinator, programme):
    response = as_coordinator.post(url("dates", programme.slug), {"new_label": "Party"})
    assert response.status_code == 422
    assert "both a name and a day" in response.content.decode()


def test_places_and_rhythm(as_coordinator, programme):
    data = {"mentee_places": 40, "most_mentees": 3, "rhythm_weeks": 2, "meetings_planned": 12, "needs_sponsor": "on"}
    as_coordinator.post(url("places", programme.slug), data)
    programme.refresh_from_db()
    assert (programme.mentee_places, programme.most_mentees, programme.needs_sponsor) == (40, 3, True)
    assert not programme.is_public
    response = as_coordinator.post(url("places", programme.slug), data | {"rhythm_weeks": 0})
    assert "Choose a number from 1 to 26" in response.content.decode()


def test_one_organisation_has_its_own_rule(as_coordinator, programme):
    member = member_of(programme.pool)
    page = url("eligibility", programme.slug, member.organisation.slug)
    as_coordinator.post(page, {"mentors": "on", "mentor_places": 4})
    own = Eligibility.objects.get(programme=programme, organisation=member.organisation)
    assert (own.mentees, own.mentors, own.mentor_places) == (False, True, 4)
    assert "its own here" in as_coordinator.get(url("organisations", programme.slug)).content.decode()


def test_after_the_end_each_organisation_still_counts_who_took_part(programme):
    place = EnrolmentFactory(programme=programme)
    assert [(row.mentees, row.mentors) for row in queries.shares(programme)] == [(1, 0)]
    Enrolment.objects.filter(pk=place.pk).update(state=Enrolment.State.FINISHED)
    assert [(row.mentees, row.mentors) for row in queries.shares(programme)] == [(1, 0)]


def test_an_organisation_outside_the_pool_has_no_rule_here(as_coordinator, programme, outsider):
    page = url("eligibility", programme.slug, outsider.membership.organisation.slug)
    assert as_coordinator.get(page).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_organisations_page_asks_the_same_number_of_questions(
    as_coordinator, programme, number, django_assert_max_num_queries
):
    for _ in range(number):
        EnrolmentFactory(programme=programme)
    as_coordinator.get(url("organisations", programme.slug))
    with django_assert_max_num_queries(12):
        assert (
            as_coordinator.get(url("organisations", programme.slug)).content.decode().count("as in the pool") == number
        )


def test_a_finished_programme_says_that_it_cannot_be_changed(as_coordinator, programme):
    Programme.objects.filter(pk=programme.pk).update(state="finished")
    for page in ("texts", "rules", "dates", "places"):
        assert "finished and cannot be changed" in as_coordinator.get(url(page, programme.slug)).content.decode()
    assert as_coordinator.post(url("texts", programme.slug), words(programme, name="X")).status_code == 403


def test_a_participant_sees_their_own_part_and_no_button_of_the_coordinator(client, programme):
    place = MentorFactory(programme=programme)
    client.force_login(place.user)
    content = client.get(url("detail", programme.slug)).content.decode()
    assert "You as mentor" in content
    assert url("application", place.pk) in content
    assert "Close applications" not in content
    assert url("applicants", programme.slug) not in content


@pytest.mark.parametrize("number", [1, 3])
def test_the_coordinators_overview_stays_within_its_questions(
    as_coordinator, programme, number, django_assert_max_num_queries
):
    EnrolmentFactory.create_batch(number, programme=programme, state=Enrolment.State.APPLIED)
    as_coordinator.get(url("detail", programme.slug))
    with django_assert_max_num_queries(14):
        assert f'stat-figure">{number}' in as_coordinator.get(url("detail", programme.slug)).content.decode()


def test_a_finished_programme_counts_those_who_took_part(as_coordinator, programme):
    EnrolmentFactory(programme=programme, state="finished")
    MentorFactory(programme=programme, state="finished")
    EnrolmentFactory(programme=programme, state="declined")
    Programme.objects.filter(pk=programme.pk).update(state=Programme.State.FINISHED)
    page = as_coordinator.get(reverse("programmes:list")).content.decode()
    assert "Took part: 1 mentee and 1 mentor" in " ".join(page.split())
    overview = as_coordinator.get(reverse("programmes:detail", args=[programme.slug]))
    assert "Mentees who took part" in overview.content.decode()
    assert overview.context["counts"]["mentee_taking_part"] == 1


@pytest.mark.parametrize(
    ("days", "primary", "secondary"),
    [(20, "Go to the matching", "Start the programme now"), (-1, "Start the programme", "Go to the matching")],
)
def test_in_matching_week_the_matching_comes_first_until_the_start(as_coordinator, programme, days, primary, secondary):
    kick_off = clock.today() + timedelta(days=days)
    Programme.objects.filter(pk=programme.pk).update(state=Programme.State.MATCHING, kick_off_on=kick_off)
    page = as_coordinator.get(reverse("programmes:detail", args=[programme.slug])).content.decode()
    section = page[page.index("Next step") : page.index("Tell people")]
    buttons = re.findall(r'class="btn btn-(primary|secondary)[^"]*"[^>]*>(.*?)</(?:a|button)>', section, re.S)
    said = {re.sub(r"<[^>]+>", "", words).strip(): kind for kind, words in buttons}
    assert said[primary] == "primary"
    assert said[secondary] == "secondary"
