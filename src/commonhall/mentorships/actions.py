"""What can be done to a pair: begin, agree, sign, pause, resume, end."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.errors import Conflict, Refused
from commonhall.core.text import clean, line
from commonhall.core.verdicts import require
from commonhall.history import actions as history
from commonhall.live.actions import ring
from commonhall.mentorships.models import Agreement, Mentorship, Participant, Signature
from commonhall.mentorships.rules import (
    can_begin,
    can_choose_room,
    can_end,
    can_pause,
    can_resume,
    can_sign,
    can_write_agreement,
)
from commonhall.programmes import actions as programmes
from commonhall.programmes.models import Enrolment, Programme

MOST_GOALS = 3


@transaction.atomic
def begin(*, mentee: Enrolment, mentor: Enrolment, by: User, origin: str) -> Mentorship:
    """Take a place of each and begin. `Conflict` when either is full or the two are a pair already."""
    mentee, mentor = _locked(mentee, mentor)
    return begin_held(mentee=mentee, mentor=mentor, by=by, origin=origin)


def begin_held(*, mentee: Enrolment, mentor: Enrolment, by: User, origin: str) -> Mentorship:
    """The same in a transaction that holds both places already and ends with a `Conflict`."""
    require(can_begin(by, mentee, mentor))
    try:
        mentorship = Mentorship.objects.create(
            programme=mentee.programme, origin=origin, pair=_pair(mentee, mentor), began_at=clock.now()
        )
    except IntegrityError:
        raise Conflict(_("These two people are a pair in this programme already, one way or the other.")) from None
    programmes.take_place(mentee, mentor)
    Participant.objects.bulk_create(
        Participant(mentorship=mentorship, user_id=one.user_id, enrolment=one, role=one.role, joined_at=clock.now())
        for one in (mentee, mentor)
    )
    _record("mentorship.began", mentorship, by=by, origin=origin)
    return mentorship


@transaction.atomic
def end(mentorship: Mentorship, *, by: User, reason: str, via: str = "") -> Mentorship:
    """Close it and give both places back. The reason is for the coordinator, not for the other side."""
    mentorship = _open(mentorship)
    require(can_end(by, mentorship))
    return _end(mentorship, by=by, reason=reason, via=via)


@transaction.atomic
def end_with_programme(mentorship: Mentorship, *, by: User | None) -> bool:
    """Its programme is finished, and it with it. False when there is nothing to do (any more)."""
    mentorship = _open(mentorship)
    if mentorship.state == Mentorship.State.ENDED or mentorship.programme.state != Programme.State.FINISHED:
        return False
    _end(mentorship, by=by, reason=Mentorship.EndReason.PROGRAMME)
    return True


@transaction.atomic
def pause(mentorship: Mentorship, *, by: User, until: date | None = None) -> Mentorship:
    """Stop the clocks, with the day on which it goes on if that is known."""
    mentorship = _open(mentorship)
    require(can_pause(by, mentorship))
    mentorship.state, mentorship.paused_at, mentorship.resumes_on = Mentorship.State.PAUSED, clock.now(), until
    mentorship.save(update_fields=["state", "paused_at", "resumes_on"])
    _record("mentorship.paused", mentorship, by=by, until=until.isoformat() if until else "")
    return mentorship


@transaction.atomic
def resume(mentorship: Mentorship, *, by: User) -> Mentorship:
    mentorship = _open(mentorship)
    require(can_resume(by, mentorship))
    return _go_on(mentorship, by=by)


@transaction.atomic
def resume_if_due(mentorship: Mentorship) -> bool:
    """Go on by itself on the day that was given. False when there is nothing to do (any more)."""
    mentorship = _open(mentorship)
    due = mentorship.resumes_on and mentorship.resumes_on <= clock.today(_zone(mentorship))
    if mentorship.state != Mentorship.State.PAUSED or not due:
        return False
    _go_on(mentorship, by=None)
    return True


@transaction.atomic
def write_agreement(
    mentorship: Mentorship,
    *,
    by: User,
    text: str,
    goals: Sequence[str] = (),
    review_on: date | None = None,
    after: int | None = None,
) -> Agreement:
    """Save a new version, which asks both for new signatures; `after` is the version that the writer began from."""
    mentorship = _open(mentorship)
    require(can_write_agreement(by, mentorship))
    latest = mentorship.agreements.first()
    goals = [goal for goal in map(line, goals) if goal]
    if len(goals) > MOST_GOALS:
        raise Refused(_("Choose up to three goals. More than that is rarely reached."))
    if latest and (latest.text, latest.goals, latest.review_on) == (clean(text), goals, review_on):
        return latest
    version = latest.version if latest else 0
    if after not in (None, version):
        raise Conflict(
            _("The agreement was changed while you were writing. Read the new version, then add your words.")
        )
    agreement = Agreement.objects.create(
        mentorship=mentorship,
        version=version + 1,
        text=clean(text),
        goals=goals,
        review_on=review_on,
        written_by=by,
        written_at=clock.now(),
    )
    _record("mentorship.agreement_written", mentorship, by=by, version=agreement.version)
    return agreement


@transaction.atomic
def sign(mentorship: Mentorship, *, by: User, version: int) -> Signature:
    """Sign the version that one has read; signing it twice is signing it once."""
    mentorship = _open(mentorship)
    require(can_sign(by, mentorship))
    latest = mentorship.agreements.first()
    if latest is None or latest.version != version:
        raise Conflict(_("There is a newer version of the agreement. Read it, then sign that one."))
    participant = mentorship.participants.get(user=by)
    signature, is_new = Signature.objects.get_or_create(
        agreement=latest, participant=participant, defaults={"signed_at": clock.now()}
    )
    if is_new:
        everybody = latest.signatures.count() == mentorship.participants.count()
        _record("mentorship.signed", mentorship, by=by, version=version, complete=everybody)
    return signature


@transaction.atomic
def choose_room(mentorship: Mentorship, *, by: User, meets_by: str, room_link: str = "") -> Mentorship:
    """How and where the two usually meet, from their next meeting on; what has been arranged stays where it is."""
    mentorship = _open(mentorship)
    require(can_choose_room(by, mentorship))
    chosen = Mentorship.MeetsBy(meets_by)
    words = "" if chosen in (Mentorship.MeetsBy.USUAL, Mentorship.MeetsBy.ROOM) else line(room_link)
    if (mentorship.meets_by, mentorship.room_link) != (chosen, words):
        mentorship.meets_by, mentorship.room_link = chosen, words
        mentorship.save(update_fields=["meets_by", "room_link"])
        _record("mentorship.room_chosen", mentorship, by=by, meets_by=chosen)
    return mentorship


def _end(mentorship: Mentorship, *, by: User | None, reason: str, via: str = "") -> Mentorship:
    mentorship.state, mentorship.ended_at = Mentorship.State.ENDED, clock.now()
    mentorship.end_reason = Mentorship.EndReason(reason)
    mentorship.save(update_fields=["state", "ended_at", "end_reason"])
    for participant in sorted(mentorship.participants.all(), key=lambda one: one.enrolment_id):
        programmes.give_back_place(participant.enrolment)
    _record("mentorship.ended", mentorship, by=by, via=via, reason=mentorship.end_reason)
    return mentorship


def _go_on(mentorship: Mentorship, *, by: User | None) -> Mentorship:
    mentorship.state, mentorship.paused_at, mentorship.resumes_on = Mentorship.State.ACTIVE, None, None
    mentorship.save(update_fields=["state", "paused_at", "resumes_on"])
    _record("mentorship.resumed", mentorship, by=by)
    return mentorship


def _open(mentorship: Mentorship) -> Mentorship:
    """The row as it is now, held until the end of the transaction."""
    return (
        Mentorship.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme")
        .prefetch_related("participants__enrolment", "participants__user")
        .get(pk=mentorship.pk)
    )


def _locked(*enrolments: Enrolment) -> list[Enrolment]:
    """In the order of their keys, so that two beginnings never wait for each other."""
    rows = (
        Enrolment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme")
        .order_by("pk")
        .in_bulk([one.pk for one in enrolments])
    )
    return [rows[one.pk] for one in enrolments]


def _pair(mentee: Enrolment, mentor: Enrolment) -> str:
    return ":".join(str(key) for key in sorted((mentee.user_id, mentor.user_id)))


def _zone(mentorship: Mentorship) -> str:
    return next((one.user.time_zone for one in mentorship.participants.all()), "UTC")


def _record(verb: str, mentorship: Mentorship, *, by: User | None, via: str = "", **details: Any) -> None:
    history.record(verb, about=mentorship, within=mentorship.programme, by=by, via=via, **details)
    ring(f"mentorship:{mentorship.pk}")
