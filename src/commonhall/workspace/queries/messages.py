"""The thread of a mentorship: its messages, what is new in it, and who is told of it when."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Prefetch, QuerySet

from commonhall.mentorships.models import Mentorship, Participant
from commonhall.mentorships.queries import with_people as mentorships_with_people
from commonhall.programmes.models import Programme
from commonhall.workspace.models import Block, Correspondence, Message, Reading, Report

MOST_AT_ONCE = 30


def topic_of(mentorship: int) -> str:
    """What an open thread listens to."""
    return f"thread:{mentorship}"


@dataclass(frozen=True)
class Stretch:
    """Some messages in the order in which they were sent, and whether there are older and newer ones."""

    messages: tuple[Message, ...]
    is_older: bool
    is_newer: bool


def with_thread(mentorships: QuerySet[Mentorship]) -> QuerySet[Mentorship]:
    """With its people and the blocks that stand: what the rules about messages read."""
    standing = Prefetch("blocks", queryset=Block.objects.standing())
    return mentorships_with_people(mentorships).prefetch_related(standing)


def with_mentorship(messages: QuerySet[Message]) -> QuerySet[Message]:
    people = Prefetch("mentorship__participants", queryset=Participant.objects.select_related("user"))
    standing = Prefetch("mentorship__blocks", queryset=Block.objects.standing())
    return messages.select_related("mentorship__programme", "author").prefetch_related(people, standing)


def stretch_of(mentorship: Mentorship, user: Any, before: int | None) -> Stretch:
    """The newest messages, or the newest of those before one of them."""
    rows = Message.objects.filter(mentorship=mentorship).visible_to(user).select_related("author").order_by("-pk")
    found = list((rows.filter(pk__lt=before) if before else rows)[: MOST_AT_ONCE + 1])
    return Stretch(tuple(reversed(found[:MOST_AT_ONCE])), len(found) > MOST_AT_ONCE, before is not None)


def read_to(mentorship: Mentorship, user: Any) -> int:
    return Reading.objects.filter(mentorship=mentorship, user=user).values_list("read_to", flat=True).first() or 0


def unread_count(mentorship: Mentorship, user: Any) -> int:
    return Message.objects.filter(mentorship=mentorship).unread_by(user).count()


def newest(mentorship: Mentorship) -> int:
    found: int | None = mentorship.messages.aggregate(newest=Max("pk"))["newest"]
    return found or 0


def correspondence_of(user: Any) -> Correspondence:
    """What somebody has chosen, or what holds until they do."""
    return Correspondence.objects.filter(user=user).first() or Correspondence(user=user)


def unread_since(reading: Reading, since: int) -> QuerySet[Message]:
    mine = Message.objects.filter(mentorship=reading.mentorship_id, pk__gt=since).unread_by(reading.user)
    return mine.select_related("author").order_by("pk")


def reports_of(programme: Programme, reader: Any) -> QuerySet[Report]:
    """What was reported in a programme, open ones first; nothing that the reader wrote themselves."""
    rows = Report.objects.filter(message__mentorship__programme=programme).exclude(message__author=reader)
    return rows.select_related("message__author", "message__mentorship", "by", "closed_by").order_by(
        "closed_at", "-at", "-pk"
    )
