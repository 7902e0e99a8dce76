import re

import pytest
from django.urls import reverse

from commonhall.core import clock
from commonhall.matching.actions import rounds as actions
from commonhall.matching.models import Proposal, Wish
from commonhall.mentorships.models import Mentorship
from tests.factories.matching import ProposalFactory
from tests.factories.people import ProfileFactory
from tests.factories.programmes import EnrolmentFactory, MentorFactory, coordinator_of, person_of

pytestmark = pytest.mark.django_db


def words_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_match_tells_each_side_why_in_its_own_words(client, afternoon):
    actions.publish(afternoon.round, by=afternoon.coordinator, run=afternoon.run)
    proposal = afternoon.round.proposals.order_by("pk").first()
    url = reverse("matching:proposal", args=[proposal.pk])
    client.force_login(proposal.mentee.user)
    text = words_of(client.get(url))
    assert proposal.mentor.user.name in text
    assert "Why the two of you" in text
    assert "Yes, I would like to" in text
    client.force_login(proposal.mentor.user)
    text = words_of(client.get(url))
    assert "Chair a meeting without notes." in text


def test_private_fields_and_addresses_stay_private(client):
    proposal = ProposalFactory(reasons=[["shortlist", 1.0, 0.2, {"known": True, "mentee_rank": 1, "mentor_rank": 0}]])
    profile = proposal.mentor.user.profile
    profile.adjustments, profile.biography = "needs a ramp", "I was a diver once."
    profile.save()
    member = proposal.programme.pool.members.get(organisation=proposal.mentor.organisation)
    member.hidden_fields = ["biography"]
    member.save()
    for place in (proposal.mentee, proposal.mentor):
        client.force_login(place.user)
        text = words_of(client.get(reverse("matching:proposal", args=[proposal.pk])))
        assert "needs a ramp" not in text
        assert "diver" not in text
        assert "shortlist" not in text
        other = proposal.mentor if place == proposal.mentee else proposal.mentee
        assert other.user.email not in text


def test_saying_yes_twice_over_two_people_begins_the_mentorship(client):
    proposal = ProposalFactory()
    url = reverse("matching:accept", args=[proposal.pk])
    client.force_login(proposal.mentee.user)
    assert "We tell you as soon as" in words_of(client.post(url, follow=True))
    client.force_login(proposal.mentor.user)
    response = client.post(url)
    assert response.url == reverse("mentorships:detail", args=[Mentorship.objects.get().pk])


def test_a_no_needs_no_reason_and_blames_nobody(client):
    proposal = ProposalFactory()
    client.force_login(proposal.mentor.user)
    response = client.post(reverse("matching:decline", args=[proposal.pk]), {"reason": ""}, follow=True)
    assert "told only that it is not going ahead, never why" in words_of(response)
    client.force_login(proposal.mentee.user)
    text = words_of(client.get(reverse("matching:proposal", args=[proposal.pk])))
    assert "This match is not going ahead." in text
    assert "declined" not in text.lower()


def test_only_the_coordinator_reads_the_reason(client):
    proposal = ProposalFactory(state="declined", decline_reason="close", closed_at=clock.now())
    client.force_login(coordinator_of(proposal.programme))
    assert "too close to my own work" in words_of(client.get(reverse("matching:proposal", args=[proposal.pk])))
    client.force_login(proposal.mentee.user)
    assert "too close" not in words_of(client.get(reverse("matching:proposal", args=[proposal.pk])))


def test_answering_what_is_over_is_told_as_a_conflict(client):
    proposal = ProposalFactory(state="lapsed")
    client.force_login(proposal.mentee.user)
    response = client.post(reverse("matching:accept", args=[proposal.pk]))
    assert response.status_code == 409
    assert "has lapsed" in words_of(response)


def test_a_prepared_match_is_hidden_from_its_people_and_offered_by_the_coordinator(client):
    proposal = ProposalFactory(state="prepared", offered_at=None)
    client.force_login(proposal.mentee.user)
    assert client.get(reverse("matching:proposal", args=[proposal.pk])).status_code == 404
    client.force_login(coordinator_of(proposal.programme))
    assert "Offer it to both" in words_of(client.get(reverse("matching:proposal", args=[proposal.pk])))
    client.post(reverse("matching:offer", args=[proposal.pk]))
    assert Proposal.objects.get().state == "offered"


def test_accepting_takes_few_queries(client, django_assert_max_num_queries):
    proposal = ProposalFactory()
    client.force_login(proposal.mentee.user)
    with django_assert_max_num_queries(12):
        client.post(reverse("matching:accept", args=[proposal.pk]))
    assert Proposal.objects.get().mentee_accepted_at


def test_a_shortlist_is_ordered_by_buttons(client):
    mentee = EnrolmentFactory()
    client.force_login(mentee.user)
    mentors = [MentorFactory(programme=mentee.programme) for _ in range(2)]
    page = reverse("matching:shortlist", args=[mentee.programme.slug])
    assert "Nobody on it yet" in words_of(client.get(page))
    for mentor in mentors:
        client.post(reverse("matching:add_wish", args=[mentor.pk]))
    last = Wish.objects.get(mentor=mentors[1])
    client.post(reverse("matching:change_wish", args=[last.pk]), {"do": "up"})
    assert [wish.mentor for wish in client.get(page).context["wishes"]] == mentors[::-1]
    client.post(reverse("matching:change_wish", args=[last.pk]), {"do": "remove"})
    assert [wish.mentor for wish in Wish.objects.all()] == [mentors[0]]


def test_asking_a_mentor_needs_words_and_sends_them(client):
    mentee = EnrolmentFactory()
    mentor = MentorFactory(programme=mentee.programme)
    client.force_login(mentee.user)
    url = reverse("matching:ask", args=[mentor.pk])
    response = client.post(url, {"message": ""})
    assert response.status_code == 422
    assert "Write a few words" in words_of(response)
    response = client.post(url, {"message": "Could we talk about budgets?"}, follow=True)
    assert f"{mentor.user.name} has six working days to answer." in words_of(response)
    client.force_login(mentor.user)
    assert "Could we talk about budgets?" in words_of(
        client.get(reverse("matching:proposal", args=[Proposal.objects.get().pk]))
    )


def test_somebody_of_the_pool_without_a_place_reads_why_they_cannot_ask(client):
    mentor = MentorFactory()
    client.force_login(person_of(mentor.programme.pool))
    text = words_of(client.get(reverse("matching:ask", args=[mentor.pk])))
    assert "You need a place as a mentee in this programme" in text
    assert "Send the request" not in text


def test_a_mentor_who_is_not_listed_cannot_be_found_to_ask(client):
    mentee = EnrolmentFactory()
    mentor = MentorFactory(programme=mentee.programme, profile__listed_at=None)
    client.force_login(mentee.user)
    assert client.get(reverse("matching:ask", args=[mentor.pk])).status_code == 404


def test_after_a_request_that_came_to_nothing_others_are_suggested(client):
    mentee = EnrolmentFactory()
    gone, free, hidden = (
        MentorFactory(programme=mentee.programme, profile__listed_at=at) for at in (clock.now(), clock.now(), None)
    )
    proposal = ProposalFactory(
        programme=mentee.programme, mentee=mentee, mentor=gone, origin="request", state="declined"
    )
    client.force_login(mentee.user)
    text = words_of(client.get(reverse("matching:suggestions", args=[proposal.pk])))
    assert free.user.name in text
    assert gone.user.name not in text
    assert hidden.user.name not in text


def test_a_mentors_page_leads_to_the_shortlist_and_to_asking(client):
    mentee = EnrolmentFactory(programme__state="matching")
    mentor = MentorFactory(programme=mentee.programme)
    client.force_login(mentee.user)
    html = client.get(reverse("programmes:mentor", args=[mentee.programme.slug, mentor.pk])).content.decode()
    for name, target in (("ask", mentor.pk), ("add_wish", mentor.pk), ("shortlist", mentee.programme.slug)):
        assert reverse(f"matching:{name}", args=[target]) in html


def test_a_suggestion_says_nothing_that_the_mentors_council_keeps_within_its_own_walls(client):
    mentee = EnrolmentFactory()
    ProfileFactory(user=mentee.user, level="4")
    mentor = MentorFactory(programme=mentee.programme)
    proposal = ProposalFactory(programme=mentee.programme, mentee=mentee, origin="request", state="declined")
    client.force_login(mentee.user)
    page = reverse("matching:suggestions", args=[proposal.pk])
    assert "works 2 levels above you" in words_of(client.get(page))
    rules = mentee.programme.pool.members.filter(organisation=mentor.organisation)
    rules.update(hidden_fields=["level"])
    text = words_of(client.get(page))
    assert mentor.user.name in text
    assert "levels above" not in text
