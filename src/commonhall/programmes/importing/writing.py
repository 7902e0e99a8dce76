"""Sound lines into the tables, a few hundred at a time, each with a note of what was there before.

Whoever has signed in keeps their own words: a spreadsheet then only fills what they left empty. Everybody else is as
the newest spreadsheet says. A line that was written before is not written again.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction

from commonhall.core import clock
from commonhall.history.actions import record_many
from commonhall.organisations.models import Membership
from commonhall.people.models import Profile, Topic, WorkingHours
from commonhall.programmes import findable
from commonhall.programmes.importing import values
from commonhall.programmes.importing.room import Room
from commonhall.programmes.imports.rows import PersonRow
from commonhall.programmes.models import Conflict, Enrolment, Import, ImportedRow

User = get_user_model()
State = Enrolment.State


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date | datetime) else value


class Change:
    """One line on its way in: the rows it touches, what it made, and what stood there before."""

    def __init__(self, row: PersonRow) -> None:
        self.row = row
        self.user: Any = None
        self.profile: Any = None
        self.is_new = False
        self.own_words = False
        self.created: list[str] = []
        self.before: dict[str, Any] = {}
        self.enrolments: dict[str, Enrolment] = {}

    def put(self, name: str, thing: models.Model, fields: dict[str, Any]) -> list[str]:
        """Set what differs, keep what was, and say which fields changed."""
        changed = {key: value for key, value in fields.items() if getattr(thing, key) != value}
        if changed:
            self.before[name] = {key: plain(getattr(thing, key)) for key in changed}
            self.before.setdefault("after", {})[name] = {key: plain(value) for key, value in changed.items()}
        for key, value in changed.items():
            setattr(thing, key, value)
        return list(changed)


class Writer:
    """One batch of lines of one import."""

    def __init__(self, source: Import, room: Room, rows: Sequence[PersonRow]) -> None:
        self.source = source
        self.programme = source.programme
        self.room = room
        self.now = clock.now()
        self.changes = [Change(row) for row in rows]

    @transaction.atomic
    def write(self) -> None:
        self._people()
        self._memberships()
        self._profiles()
        self._topics()
        self._hours()
        self._enrolments()
        self._conflicts()
        self._notes()
        touched = [enrolment.pk for change in self.changes for enrolment in change.enrolments.values()]
        findable.refresh(Enrolment.objects.filter(pk__in=touched))

    def _people(self) -> None:
        addresses = {address for change in self.changes for address in (change.row.email, *change.row.other_addresses)}
        known = {user.email.lower(): user for user in User.objects.filter(email__in=addresses)}
        for change in self.changes:
            row = change.row
            change.user = next((known[one] for one in (row.email, *row.other_addresses) if one in known), None)
            if change.user is None:
                zone = row.time_zone or "Europe/London"
                change.user = User(email=row.email, name=row.name, time_zone=zone, password="!")  # noqa: S106
                change.is_new = True
                change.created.append("user")
        User.objects.bulk_create([change.user for change in self.changes if change.is_new], batch_size=500)
        self._known_people([change for change in self.changes if not change.is_new])
        joined = [{"about": change.user, "by": self.source.by} for change in self.changes if change.is_new]
        record_many("user.joined", joined)

    def _known_people(self, changes: list[Change]) -> None:
        changed = []
        for change in changes:
            change.own_words = change.user.first_seen_at is not None
            zone = change.row.time_zone or change.user.time_zone
            fields = {} if change.own_words else {"name": change.row.name, "time_zone": zone}
            if change.put("user", change.user, fields):
                changed.append(change.user)
        User.objects.bulk_update(changed, ["name", "time_zone"], batch_size=500)

    def _memberships(self) -> None:
        found = {row.user_id: row for row in Membership.objects.filter(user__in=self._users())}
        new, moved = [], []
        for change in self.changes:
            organisation, old = int(change.row.organisation), found.get(change.user.pk)
            if old is None:
                new.append(Membership(user=change.user, organisation_id=organisation, confirmed_at=self.now))
                change.created.append("membership")
            elif change.own_words and old.organisation_id != organisation:
                continue
            elif change.put("membership", old, self._confirmed(old, organisation)):
                moved.append(old)
        Membership.objects.bulk_create(new, batch_size=500)
        Membership.objects.bulk_update(moved, ["organisation_id", "confirmed_at"], batch_size=500)
        self._record_moves()

    def _record_moves(self) -> None:
        befores = [(change, change.before.get("membership", {})) for change in self.changes]
        record_many(
            "membership.moved",
            [
                {
                    "about": change.user,
                    "by": self.source.by,
                    "details": {"left": before["organisation_id"], "joined": int(change.row.organisation)},
                }
                for change, before in befores
                if "organisation_id" in before
            ],
        )

    def _confirmed(self, old: Membership, organisation: int) -> dict[str, Any]:
        """Whom a coordinator brings in, she knows; how long somebody was known already stays."""
        known = old.confirmed_at if old.organisation_id == organisation else None
        return {"organisation_id": organisation, "confirmed_at": known or self.now}

    def _users(self) -> list[Any]:
        return [change.user.pk for change in self.changes]

    def _profiles(self) -> None:
        found = {row.user_id: row for row in Profile.objects.filter(user__in=self._users())}
        new, changed = [], []
        for change in self.changes:
            change.profile = found.get(change.user.pk)
            if change.profile is None:
                change.profile = Profile(user=change.user)
                change.created.append("profile")
                new.append(change.profile)
                self._fill_profile(change)
            elif self._fill_profile(change):
                changed.append(change.profile)
        Profile.objects.bulk_create(new, batch_size=500)
        Profile.objects.bulk_update(changed, _PROFILE_COLUMNS, batch_size=200)

    def _fill_profile(self, change: Change) -> list[str]:
        fields = values.profile_fields(change.row)
        if change.own_words:
            fields = {name: value for name, value in fields.items() if not getattr(change.profile, name)}
        if change.row.consent and change.profile.listed_at is None:
            fields["listed_at"] = self.now
        if any(getattr(change.profile, name) != value for name, value in fields.items()):
            fields["updated_at"] = self.now
        return change.put("profile", change.profile, fields)

    def _topics(self) -> None:
        kept = defaultdict(list)
        for topic in Topic.objects.filter(profile__in=[change.profile for change in self.changes]):
            kept[topic.profile_id].append(topic)
        new: list[tuple[Change, Topic]] = []
        gone: list[int] = []
        for change in self.changes:
            for purpose, wanted in values.topics(change.row).items():
                old = [topic for topic in kept[change.profile.pk] if topic.purpose == purpose]
                if change.own_words and old:
                    continue
                there = {(topic.purpose, topic.kind, topic.key): topic for topic in old}
                lost = [topic for key, topic in there.items() if key not in wanted]
                gone += [topic.pk for topic in lost]
                change.before.setdefault("topics", []).extend([t.pk, t.purpose, t.kind, t.key] for t in lost)
                new += [(change, _topic(change.profile, key)) for key in wanted if key not in there]
        Topic.objects.filter(pk__in=gone).delete()
        Topic.objects.bulk_create([topic for _change, topic in new], batch_size=500)
        for change, topic in new:
            change.created.append(f"topic:{topic.pk}")

    def _hours(self) -> None:
        kept = defaultdict(list)
        for hours in WorkingHours.objects.filter(profile__in=[change.profile for change in self.changes]):
            kept[hours.profile_id].append(hours)
        new: list[tuple[Change, WorkingHours]] = []
        gone: list[int] = []
        for change in self.changes:
            wanted, old = sorted(set(change.row.hours)), kept[change.profile.pk]
            same = [(row.weekday, row.starts, row.ends) for row in old] == wanted
            if not wanted or same or (change.own_words and old):
                continue
            gone += [row.pk for row in old]
            change.before["hours"] = [[row.pk, row.weekday, row.starts, row.ends, row.week] for row in old]
            new += [(change, _stretch(change.profile, one)) for one in wanted]
        WorkingHours.objects.filter(pk__in=gone).delete()
        WorkingHours.objects.bulk_create([row for _change, row in new], batch_size=500)
        for change, row in new:
            change.created.append(f"hours:{row.pk}")

    def _enrolments(self) -> None:
        rows = Enrolment.objects.filter(programme=self.programme, user__in=self._users())
        found = {(row.user_id, row.role): row for row in rows}
        new: list[tuple[Change, Enrolment]] = []
        changed = []
        for change in self.changes:
            for role in sorted(change.row.roles):
                old = found.get((change.user.pk, role))
                if old is None:
                    new.append((change, self._new_place(change, role)))
                elif self._change_place(change, old):
                    changed.append(old)
        Enrolment.objects.bulk_create([row for _change, row in new], batch_size=500)
        Enrolment.objects.bulk_update(changed, _ENROLMENT_COLUMNS, batch_size=200)
        for change, row in new:
            change.created.append(f"enrolment:{row.pk}")
        record_many(
            "enrolment.imported",
            [
                {
                    "about": row,
                    "within": self.programme,
                    "by": self.source.by,
                    "details": {"role": row.role, "approved": row.state == State.APPROVED},
                }
                for _change, row in new
            ],
        )

    def _new_place(self, change: Change, role: str) -> Enrolment:
        organisation = int(change.row.organisation)
        approved = self.source.approves and self.room.take(role, organisation, change.profile.level)
        place = Enrolment(
            programme=self.programme,
            user=change.user,
            organisation_id=organisation,
            role=role,
            state=State.APPROVED if approved else State.APPLIED,
            decided_at=self.now if approved else None,
            applied_at=self.now,
            **values.enrolment_fields(change.row, role),
        )
        change.enrolments[role] = place
        return place

    def _change_place(self, change: Change, place: Enrolment) -> list[str]:
        change.enrolments[place.role] = place
        fields = values.enrolment_fields(change.row, place.role)
        if "capacity" in fields:
            fields["capacity"] = max(fields["capacity"], place.taken)
        if change.own_words:
            fields = {name: value for name, value in fields.items() if name == "capacity" or not getattr(place, name)}
        else:
            fields["organisation_id"] = int(change.row.organisation)
        return change.put(f"enrolment:{place.pk}", place, fields)

    def _conflicts(self) -> None:
        people = _people_by_address(address for change in self.changes for address in change.row.not_with_people)
        places = [place for change in self.changes for place in change.enrolments.values()]
        there = set(
            Conflict.objects.filter(enrolment__in=places).values_list("enrolment", "person", "organisation", "words")
        )
        new: list[tuple[Change, Conflict]] = []
        for change in self.changes:
            for place in change.enrolments.values():
                for person, organisation, words in _not_with(change.row, people):
                    if (place.pk, person, organisation, words) not in there:
                        row = Conflict(enrolment=place, person_id=person, organisation_id=organisation, words=words)
                        new.append((change, row))
        Conflict.objects.bulk_create([row for _change, row in new], batch_size=500)
        for change, row in new:
            change.created.append(f"conflict:{row.pk}")

    def _notes(self) -> None:
        ImportedRow.objects.bulk_create(
            [
                ImportedRow(
                    source=self.source,
                    line=change.row.line,
                    enrolment=next(iter(change.enrolments.values()), None),
                    user=change.user,
                    created=change.created,
                    before=change.before,
                )
                for change in self.changes
            ],
            batch_size=500,
        )


_PROFILE_COLUMNS = [
    *values.PROFILE_TEXTS,
    "can_help",
    "want_to_learn",
    "career_path",
    "languages",
    "channels",
    "listed_at",
    "updated_at",
]
_ENROLMENT_COLUMNS = ["capacity", "goal", "available_from", "available_until", "line_manager_email"]
_ENROLMENT_COLUMNS += ["note_to_coordinator", "organisation_id"]


def _topic(profile: Profile, key: values.TopicKey) -> Topic:
    purpose, kind, word = key
    return Topic(profile=profile, purpose=purpose, kind=kind, key=word)


def _stretch(profile: Profile, stretch: tuple[int, int, int]) -> WorkingHours:
    weekday, starts, ends = stretch
    return WorkingHours(profile=profile, weekday=weekday, starts=starts, ends=ends)


def _people_by_address(addresses: Iterable[str]) -> dict[str, int]:
    return dict(User.objects.filter(email__in=set(addresses)).values_list("email", "pk"))


def _not_with(row: PersonRow, people: dict[str, int]) -> Iterable[tuple[int | None, int | None, str]]:
    for address in row.not_with_people:
        yield people.get(address), None, "" if address in people else address
    for organisation in row.not_with_organisations:
        yield None, int(organisation), ""
    for words in dict.fromkeys(filter(None, (*row.not_with_names, row.not_with_words))):
        yield None, None, words[:300]
