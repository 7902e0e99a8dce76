"""Take an import back: what it made goes, what it changed is as it was; what was touched since then stays."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models

from commonhall.organisations.models import Membership
from commonhall.people.models import Profile, Topic, WorkingHours
from commonhall.programmes import findable
from commonhall.programmes.importing.writing import plain
from commonhall.programmes.models import Conflict, Enrolment, Import, ImportedRow

User = get_user_model()
MADE = {"enrolment": Enrolment, "topic": Topic, "hours": WorkingHours, "conflict": Conflict}


class Undoing:
    """All rows of one import at once. `kept` counts the people of whom something stayed, because it was used since."""

    def __init__(self, source: Import) -> None:
        self.rows = list(source.rows.select_related("user"))
        self.kept: set[int] = set()
        self.made: dict[str, set[int]] = defaultdict(set)
        for row in self.rows:
            for name, _colon, pk in (entry.partition(":") for entry in row.created):
                if pk:
                    self.made[name].add(int(pk))

    def undo(self) -> int:
        """Returns how many people were touched since and are therefore still there in part."""
        enrolments = self._untouched_enrolments()
        profiles = self._profiles_as_left()
        restorable = [row for row in self.rows if row.user_id in profiles]
        Conflict.objects.filter(pk__in=self.made["conflict"]).delete()
        self._take_back_lists(restorable)
        findable.forget(list(enrolments))
        Enrolment.objects.filter(pk__in=enrolments).delete()
        self._restore_enrolments()
        self._restore("profile", Profile, "user_id", restorable)
        self._restore("membership", Membership, "user_id", self.rows)
        self._restore("user", User, "pk", self.rows)
        self._remove_people(profiles)
        self._search_again()
        return len(self.kept)

    def _untouched_enrolments(self) -> set[int]:
        """Those made by the import which nothing but the import points at."""
        made = set(Enrolment.objects.filter(pk__in=self.made["enrolment"], taken=0).values_list("pk", flat=True))
        used = _pointed_at(Enrolment, made, besides=(Conflict, ImportedRow))
        used |= set(
            Conflict.objects.filter(enrolment__in=made)
            .exclude(pk__in=self.made["conflict"])
            .values_list("enrolment", flat=True)
        )
        stays = (self.made["enrolment"] - made) | used
        by_user = dict(Enrolment.objects.filter(pk__in=stays).values_list("pk", "user_id"))
        self.kept |= set(by_user.values())
        return made - used

    def _profiles_as_left(self) -> set[int]:
        """Users whose profile stands as the import left it."""
        stamps = dict(
            Profile.objects.filter(user__in=[row.user_id for row in self.rows]).values_list("user_id", "updated_at")
        )
        left = set()
        for row in self.rows:
            stamp = row.before.get("after", {}).get("profile", {}).get("updated_at")
            if row.user_id in stamps and (stamp is None or plain(stamps[row.user_id]) == stamp):
                left.add(row.user_id)
            elif row.user_id:
                self.kept.add(row.user_id)
        return left

    def _take_back_lists(self, rows: Iterable[ImportedRow]) -> None:
        """Topics and hours: those that were added go, those that were taken away come back as they were."""
        rows = list(rows)
        ids = self._made_by(rows)
        Topic.objects.filter(pk__in=ids["topic"]).delete()
        WorkingHours.objects.filter(pk__in=ids["hours"]).delete()
        profiles = dict(Profile.objects.filter(user__in=[row.user_id for row in rows]).values_list("user_id", "pk"))
        there = [(profiles[row.user_id], row.before) for row in rows if row.user_id in profiles]
        Topic.objects.bulk_create(
            [
                Topic(pk=pk, profile_id=profile, purpose=purpose, kind=kind, key=key)
                for profile, before in there
                for pk, purpose, kind, key in before.get("topics", ())
            ],
            batch_size=500,
        )
        WorkingHours.objects.bulk_create(
            [
                WorkingHours(
                    pk=pk, profile_id=profile, weekday=weekday, starts=starts, ends=ends, week=week[0] if week else 0
                )
                for profile, before in there
                for pk, weekday, starts, ends, *week in before.get("hours", ())
            ],
            batch_size=500,
        )

    @staticmethod
    def _made_by(rows: Iterable[ImportedRow]) -> dict[str, set[int]]:
        ids: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            for name, _colon, pk in (entry.partition(":") for entry in row.created):
                if pk:
                    ids[name].add(int(pk))
        return ids

    def _restore_enrolments(self) -> None:
        keyed = {
            int(name.partition(":")[2]): (row, name)
            for row in self.rows
            for name in row.before
            if name.startswith("enrolment:")
        }
        for place in Enrolment.objects.filter(pk__in=keyed):
            row, name = keyed[place.pk]
            self._put_back(place, row, name)

    def _restore(self, name: str, model: type[models.Model], key: str, rows: Iterable[ImportedRow]) -> None:
        changed = {row.user_id: row for row in rows if name in row.before}
        for thing in model._default_manager.filter(**{f"{key}__in": list(changed)}):
            self._put_back(thing, changed[getattr(thing, key)], name)

    def _put_back(self, thing: models.Model, row: ImportedRow, name: str) -> None:
        """Each field that is still as the import left it gets its earlier value."""
        before, after = row.before[name], row.before["after"][name]
        back = [key for key in before if plain(getattr(thing, key)) == after[key]]
        if len(back) < len(before) and row.user_id:
            self.kept.add(row.user_id)
        for key in back:
            field: Any = thing._meta.get_field(key)
            setattr(thing, key, field.to_python(before[key]))
        if back:
            thing.save(update_fields=[thing._meta.get_field(key).name for key in back])

    def _remove_people(self, profiles: set[int]) -> None:
        """Memberships, profiles and accounts that the import made, of people who have never been here."""
        unseen = {row.user_id: row for row in self.rows if row.user_id and row.user and row.user.first_seen_at is None}
        staying = set(Enrolment.objects.filter(user__in=unseen).values_list("user_id", flat=True))
        free = {pk for pk in unseen if pk not in staying}
        self.kept |= {pk for pk in staying & set(unseen) if "user" in unseen[pk].created}
        Profile.objects.filter(user__in=[pk for pk in free & profiles if "profile" in unseen[pk].created]).delete()
        Membership.objects.filter(user__in=[pk for pk in free if "membership" in unseen[pk].created]).delete()
        ours = {pk for pk in free if "user" in unseen[pk].created}
        used = _pointed_at(User, ours, besides=(ImportedRow,))
        self.kept |= used
        User.objects.filter(pk__in=ours - used).delete()

    def _search_again(self) -> None:
        users = [row.user_id for row in self.rows if row.user_id]
        findable.refresh(Enrolment.objects.filter(user__in=users))


def _pointed_at(model: type[models.Model], ids: set[int], *, besides: tuple[type[models.Model], ...]) -> set[int]:
    """Which of these rows other tables point at, in one query for each table."""
    used: set[int] = set()
    for relation in model._meta.related_objects:
        table = relation.related_model
        if not isinstance(table, type) or table in besides or not ids:
            continue
        name = relation.field.name
        rows = table._base_manager.filter(**{f"{name}__in": ids}).order_by()
        used |= set(rows.values_list(name, flat=True).distinct())
    return used
