from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock, errors, text
from commonhall.core.verdicts import Verdict, require
from commonhall.history.actions import record, record_many
from commonhall.organisations import actions as organisation_actions
from commonhall.organisations.models import Grant, Membership, Organisation, Pool
from commonhall.organisations.queries import holds, organisation_of
from commonhall.organisations.rules import knows_address
from commonhall.programmes import cycles, rules
from commonhall.programmes.cycle import Cycle
from commonhall.programmes.models import Conflict, Eligibility, Enrolment, Milestone, Programme
from commonhall.programmes.queries import shelf
from commonhall.programmes.queries.programmes import free_slug
from commonhall.programmes.queries.promises import count_afresh

APPLICATION_FIELDS = frozenset(
    {
        "capacity",
        "goal",
        "rhythm_weeks",
        "available_from",
        "available_until",
        "line_manager_email",
        "note_to_coordinator",
    }
)


@transaction.atomic
def create(*, pool: Pool, cycle: str, name: str, kick_off_on: date | None, by: Any, **fields: Any) -> Programme:
    """A new programme from a cycle template, with its texts, rules and dates; `by` coordinates it."""
    require(rules.can_create(by, pool))
    template = cycles.get(cycle)
    values = {**template.fields(), **fields, "name": text.line(name)}
    programme = Programme.objects.create(
        pool=pool, slug=free_slug(values["name"]), template=cycle, kick_off_on=kick_off_on, **values
    )
    if kick_off_on:
        _set_dates(programme, template, kick_off_on)
    if not holds(by, Grant.Role.POOL_OWNER, pool):
        organisation_actions.grant(user=by, role=Grant.Role.COORDINATOR, scope=programme, by=by)
    record("programme.created", about=programme, within=programme, by=by, cycle=cycle)
    return programme


def _set_dates(programme: Programme, template: Cycle, kick_off_on: date) -> None:
    Milestone.objects.filter(programme=programme).delete()
    Milestone.objects.bulk_create(
        [
            Milestone(programme=programme, key=key, label=str(label), on=on)
            for key, label, on in template.dates(kick_off_on)
        ]
    )
    programme.applications_open_on = template.opens_on(kick_off_on)
    programme.applications_close_on = template.closes_on(kick_off_on)
    programme.ends_on = template.ends_on(kick_off_on)
    programme.save(update_fields=["applications_open_on", "applications_close_on", "ends_on"])


@transaction.atomic
def change(programme: Programme, *, by: Any, **fields: Any) -> Programme:
    """Change texts, rules or places of a programme; only what is given."""
    programme = Programme.objects.select_for_update().select_related("pool").get(pk=programme.pk)
    require(rules.can_change(by, programme))
    changed = [name for name, value in fields.items() if getattr(programme, name) != value]
    for name in changed:
        setattr(programme, name, fields[name])
    if changed:
        programme.save(update_fields=changed)
        record("programme.changed", about=programme, within=programme, by=by, fields=changed)
    return programme


@transaction.atomic
def plan(programme: Programme, *, kick_off_on: date, by: Any) -> Programme:
    """Move the whole timeline to a kick-off date, by the weeks of its cycle."""
    require(rules.can_change(by, programme))
    programme.kick_off_on = kick_off_on
    programme.save(update_fields=["kick_off_on"])
    _set_dates(programme, cycles.get(programme.template), kick_off_on)
    record("programme.changed", about=programme, within=programme, by=by, fields=["kick_off_on"])
    return programme


@transaction.atomic
def set_milestones(programme: Programme, milestones: Iterable[tuple[str, str, date]], *, by: Any) -> None:
    """Replace the timeline by (key, label, day)."""
    require(rules.can_change(by, programme))
    programme.milestones.all().delete()
    Milestone.objects.bulk_create(
        [Milestone(programme=programme, key=key, label=text.line(label), on=on) for key, label, on in milestones]
    )
    record("programme.changed", about=programme, within=programme, by=by, fields=["milestones"])


@transaction.atomic
def set_eligibility(programme: Programme, organisation: Organisation, *, by: Any, **fields: Any) -> Eligibility:
    """One organisation's own rule in this programme: who may take part, and how many."""
    require(rules.can_change(by, programme))
    own, _created = Eligibility.objects.update_or_create(
        programme=programme, organisation=organisation, defaults=fields
    )
    record("programme.changed", about=programme, within=programme, by=by, fields=["eligibility"])
    return own


def open_applications(programme: Programme, *, by: Any) -> Programme:
    rule = rules.can_reopen if programme.state == Programme.State.MATCHING else rules.can_open
    return _move(programme, Programme.State.OPEN, "programme.opened", rule(by, programme), by)


def begin_matching(programme: Programme, *, by: Any) -> Programme:
    return _move(
        programme, Programme.State.MATCHING, "programme.matching_began", rules.can_begin_matching(by, programme), by
    )


def start(programme: Programme, *, by: Any) -> Programme:
    return _move(programme, Programme.State.RUNNING, "programme.started", rules.can_start(by, programme), by)


@transaction.atomic
def finish(programme: Programme, *, by: Any) -> Programme:
    """The programme is over: whoever had a place keeps it on record, and whoever waited for an answer has one.

    What is still under way ends with it, in the rooms above (`config.reactions`).
    """
    programme = _move(programme, Programme.State.FINISHED, "programme.finished", rules.can_finish(by, programme), by)
    _end_places(programme, [Enrolment.State.APPROVED], "enrolment.finished", by, state=Enrolment.State.FINISHED)
    declined = {"state": Enrolment.State.DECLINED, "decided_at": clock.now()}
    _end_places(programme, Enrolment.WAITING, "enrolment.declined", by, **declined)
    transaction.on_commit(partial(shelf.forget, programme.pk))
    return programme


def _end_places(programme: Programme, states: Collection[str], verb: str, by: Any, **changes: Any) -> None:
    """All places in these states, held in the order of their keys, with a fact for each person."""
    rows = programme.enrolments.filter(state__in=states).order_by("pk")
    ended = list(rows.select_for_update(of=("self",), no_key=True))
    Enrolment.objects.filter(pk__in=[one.pk for one in ended]).update(**changes)
    record_many(verb, [{"about": one, "within": programme, "by": by, "details": {"role": one.role}} for one in ended])


@transaction.atomic
def _move(programme: Programme, state: str, verb: str, verdict: Verdict, by: Any) -> Programme:
    require(verdict)
    moved = Programme.objects.filter(pk=programme.pk, state=programme.state).update(state=state)
    if not moved:
        raise errors.Conflict(_("Somebody else has just moved this programme on. Look at it again."))
    programme.state = state
    record(verb, about=programme, within=programme, by=by)
    return programme


@transaction.atomic
def apply(
    *,
    user: Any,
    programme: Programme,
    role: str,
    by: Any,
    organisation: Organisation | None = None,
    via: str = "",
    **fields: Any,
) -> Enrolment:
    """Ask for a place. The organisation is the one where the person works; who has none yet says which."""
    unknown = fields.keys() - APPLICATION_FIELDS
    if unknown:
        raise TypeError(f"apply() does not know {sorted(unknown)}")
    organisation = organisation_of(user) or organisation
    require(rules.can_apply(user, programme, role, organisation))
    if organisation:
        organisation_actions.join(user=user, organisation=organisation, by=by)
    fields = _within_limits(programme, role, fields)
    enrolment = _write_application(user, programme, role, organisation, fields)
    _note("enrolment.applied", enrolment, by, via, role=role)
    if enrolment.state == Enrolment.State.SPONSOR:
        _note("enrolment.sponsor_asked", enrolment, by)
    return enrolment


def _within_limits(programme: Programme, role: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    most = programme.most_mentees if role == Enrolment.Role.MENTOR else 1
    return {**fields, "capacity": max(1, min(fields.get("capacity") or 1, max(most, 1)))}


def _write_application(
    user: Any, programme: Programme, role: str, organisation: Organisation | None, fields: dict[str, Any]
) -> Enrolment:
    sponsored = programme.needs_sponsor and role == Enrolment.Role.MENTEE and bool(fields.get("line_manager_email"))
    values = {
        **fields,
        "organisation": organisation,
        "state": Enrolment.State.SPONSOR if sponsored else Enrolment.State.APPLIED,
        "applied_at": clock.now(),
        "decided_at": None,
        "sponsor_answered_at": None,
        "paused_until": None,
    }
    again = Enrolment.objects.filter(programme=programme, user=user, role=role, state=Enrolment.State.WITHDRAWN)
    if again.update(**values):
        return Enrolment.objects.get(programme=programme, user=user, role=role)
    try:
        with transaction.atomic():
            return Enrolment.objects.create(programme=programme, user=user, role=role, **values)
    except IntegrityError:
        raise errors.Conflict(_("You have already applied for this role.")) from None


@transaction.atomic
def change_application(enrolment: Enrolment, *, by: Any, **fields: Any) -> Enrolment:
    """What a person may change of their own application: goal, capacity, rhythm, availability."""
    enrolment = locked(enrolment)
    require(rules.can_change_application(by, enrolment))
    if "capacity" in fields:
        fields["capacity"] = max(
            _within_limits(enrolment.programme, enrolment.role, fields)["capacity"], enrolment.taken, 1
        )
    for name in fields.keys() & APPLICATION_FIELDS:
        setattr(enrolment, name, fields[name])
    enrolment.save(update_fields=sorted(fields.keys() & APPLICATION_FIELDS))
    _note("enrolment.changed", enrolment, by)
    return enrolment


def _note(verb: str, enrolment: Enrolment, by: Any, via: str = "", **details: Any) -> None:
    """Record a fact about an application, and count afresh wherever it is counted."""
    record(verb, about=enrolment, within=enrolment.programme, by=by, via=via, **details)
    transaction.on_commit(partial(shelf.forget, enrolment.programme_id))


def locked(enrolment: Enrolment) -> Enrolment:
    """The row as it is now, held until the transaction ends."""
    return (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("programme__pool", "organisation", "user")
        .get(pk=enrolment.pk)
    )


@transaction.atomic
def approve(enrolment: Enrolment, by: Any) -> Enrolment:
    """Give somebody a place, if there is one left in the programme and for the organisation."""
    Programme.objects.select_for_update().get(pk=enrolment.programme_id)
    enrolment = locked(enrolment)
    require(rules.can_decide(by, enrolment))
    room = rules.can_be_placed(enrolment)
    if not room:
        raise errors.Conflict(room.reason)
    _vouch(enrolment, by)
    return _decide(enrolment, Enrolment.State.APPROVED, "enrolment.approved", by)


@transaction.atomic
def confirm(enrolment: Enrolment, by: Any) -> None:
    """The coordinator knows that an applicant works where they say, and decides on the application later."""
    enrolment = locked(enrolment)
    require(rules.can_confirm(by, enrolment))
    _vouch(enrolment, by)


def _vouch(enrolment: Enrolment, by: Any) -> None:
    """Whoever has moved on since they applied is not confirmed at the new place by the old application."""
    works = Membership.objects.select_related("user").filter(user=enrolment.user_id).first()
    if works is None:
        works = organisation_actions.join(user=enrolment.user, organisation=enrolment.organisation, by=by)
    if works.organisation_id == enrolment.organisation_id:
        organisation_actions.confirm(works, by=by, how="person")


@transaction.atomic
def decline(enrolment: Enrolment, by: Any) -> Enrolment:
    enrolment = locked(enrolment)
    require(rules.can_decide(by, enrolment))
    return _decide(enrolment, Enrolment.State.DECLINED, "enrolment.declined", by)


def _decide(enrolment: Enrolment, state: str, verb: str, by: Any, via: str = "") -> Enrolment:
    enrolment.state, enrolment.decided_at = state, clock.now()
    enrolment.save(update_fields=["state", "decided_at"])
    _note(verb, enrolment, by, via, role=enrolment.role)
    return enrolment


@transaction.atomic
def answer_as_sponsor(enrolment: Enrolment, *, agrees: bool) -> Enrolment:
    """A line manager's answer through the link in the e-mail; it needs no account."""
    enrolment = locked(enrolment)
    verdict = rules.can_answer_as_sponsor(enrolment)
    if not verdict:
        raise errors.Conflict(verdict.reason)
    enrolment.sponsor_answered_at = clock.now()
    enrolment.state = Enrolment.State.APPLIED if agrees else Enrolment.State.DECLINED
    enrolment.save(update_fields=["state", "sponsor_answered_at"])
    if agrees and knows_address(enrolment.organisation, enrolment.line_manager_email):
        _vouch(enrolment, None)
    verb = "enrolment.sponsor_approved" if agrees else "enrolment.sponsor_declined"
    _note(verb, enrolment, None, "link")
    return enrolment


@transaction.atomic
def withdraw(enrolment: Enrolment, by: Any) -> Enrolment:
    enrolment = locked(enrolment)
    require(rules.can_withdraw(by, enrolment))
    return _decide(enrolment, Enrolment.State.WITHDRAWN, "enrolment.withdrawn", by)


@transaction.atomic
def pause(enrolment: Enrolment, *, until: date, by: Any) -> Enrolment:
    """Nobody new until this day; what is under way goes on."""
    enrolment = locked(enrolment)
    require(rules.can_pause(by, enrolment))
    enrolment.paused_until = until
    enrolment.save(update_fields=["paused_until"])
    _note("enrolment.paused", enrolment, by)
    return enrolment


@transaction.atomic
def resume(enrolment: Enrolment, *, by: Any) -> Enrolment:
    enrolment = locked(enrolment)
    require(rules.can_pause(by, enrolment))
    enrolment.paused_until = None
    enrolment.save(update_fields=["paused_until"])
    _note("enrolment.resumed", enrolment, by)
    return enrolment


ANSWERS: Mapping[str, Callable[[Enrolment, Any], Any]] = {"approve": approve, "decline": decline, "confirm": confirm}


@transaction.atomic
def answer_many(enrolments: Iterable[Enrolment], answer: str, *, by: Any) -> tuple[int, list[tuple[Enrolment, str]]]:
    """Approve, decline or confirm several; each that cannot be is named with the reason, the others go through."""
    decided, refused = 0, []
    for enrolment in enrolments:
        try:
            with transaction.atomic():
                ANSWERS[answer](enrolment, by)
            decided += 1
        except errors.Refused as refusal:
            refused.append((enrolment, str(refusal.reason)))
    return decided, refused


@transaction.atomic
def add_places(enrolment: Enrolment, number: int, *, by: Any) -> Enrolment:
    """A mentor takes on more mentees than they first said, and has been asked."""
    enrolment = locked(enrolment)
    require(rules.can_add_places(by, enrolment, number))
    enrolment.capacity += number
    enrolment.save(update_fields=["capacity"])
    _note("enrolment.changed", enrolment, by)
    return enrolment


def take_place(*enrolments: Enrolment) -> None:
    """One place more in use of each; more than one have to be held already, in a transaction that ends with a Conflict.

    Conflict when none is left or the person has no place in the programme.
    """
    wanted = Enrolment.objects.filter(pk__in=[one.pk for one in enrolments])
    free = wanted.filter(state=Enrolment.State.APPROVED, taken__lt=F("capacity"))
    if free.update(taken=F("taken") + 1) < len(enrolments):
        full = next((one for one in enrolments if one.places_left <= 0), enrolments[0])
        raise errors.Conflict(
            _("%(name)s has no free place at the moment.") % {"name": full.user.name or _("This person")}
        )
    count_afresh(enrolments[0].programme_id)


def give_back_place(enrolment: Enrolment) -> None:
    """One place less in use; never below none."""
    Enrolment.objects.filter(pk=enrolment.pk, taken__gt=0).update(taken=F("taken") - 1)
    count_afresh(enrolment.programme_id)


@transaction.atomic
def declare_conflict(
    enrolment: Enrolment, *, by: Any, words: str = "", person: Any = None, organisation: Organisation | None = None
) -> Conflict:
    """Note somebody, or some council, that a participant must not be matched with."""
    require(rules.can_change_application(by, enrolment))
    conflict = Conflict.objects.create(
        enrolment=enrolment, words=text.line(words)[:300], person=person, organisation=organisation
    )
    _note("enrolment.changed", enrolment, by)
    return conflict
