"""What somebody has answered so far on the way into a programme, kept in their session until it is sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise

from commonhall.organisations.models import Organisation
from commonhall.organisations.queries import organisation_of
from commonhall.programmes.forms.applications import BOTH, STEPS, Step
from commonhall.programmes.models import Enrolment, Programme

DATES = ("available_from", "available_until")
SENT = ("goal", "line_manager_email", "note_to_coordinator")


@dataclass(frozen=True)
class Line:
    """One answer on the page that shows them all."""

    key: str
    question: str | Promise
    answer: str
    seen_by: str | Promise


class Answers:
    """The answers of one person for one programme."""

    def __init__(self, session: SessionBase, user: Any, programme: Programme) -> None:
        self.session, self.user, self.programme = session, user, programme
        self.kept: dict[str, Any] = dict(session.get(self._name, {}))
        self.organisation = organisation_of(user)

    @property
    def _name(self) -> str:
        return f"application-{self.programme.pk}"

    @property
    def known(self) -> dict[str, Any]:
        return {**self.kept, "has_organisation": self.organisation is not None}

    def keep(self, form: Step) -> None:
        cleaned = {name: _plain(value) for name, value in form.cleaned_data.items()}
        self.kept |= {**cleaned, f"done_{form.key}": True}
        self.session[self._name] = self.kept

    def forget(self) -> None:
        self.session.pop(self._name, None)

    def asked(self) -> list[type[Step]]:
        return [step for step in STEPS if step.is_asked(self.programme, self.known)]

    def next_key(self) -> str | None:
        """The first page that has not been answered; None when all are."""
        return next((step.key for step in self.asked() if not self.kept.get(f"done_{step.key}")), None)

    def form(self, key: str, data: Any) -> Step | None:
        """The page of this name, if it is asked of this person."""
        step = next((step for step in self.asked() if step.key == key), None)
        if step is None:
            return None
        initial = {name: self.kept[name] for name in step.base_fields if name in self.kept}
        return step(data, user=self.user, programme=self.programme, answers=self.known, initial=initial)

    def number_of(self, key: str) -> tuple[int, int]:
        """Which question this is, and of how many; of 0 while the role, on which that depends, is not known."""
        keys = [step.key for step in self.asked()]
        return keys.index(key) + 1, len(keys) if self.kept.get("role") else 0

    def lines(self) -> Iterator[Line]:
        for step in self.asked():
            form = self.form(step.key, None)
            for name, field in form.fields.items() if form else ():
                value = self.kept.get(name) or ""
                seen_by = getattr(step, "seen_by", {}).get(name, "")
                yield Line(step.key, field.label or "", _in_words(name, field, value), seen_by)

    @property
    def roles(self) -> list[str]:
        role = self.kept.get("role", "")
        return list(Enrolment.Role.values) if role == BOTH else [role]

    def fields(self, role: str) -> dict[str, Any]:
        """What `actions.apply` wants for one role."""
        days: dict[str, date | None] = {name: parse_date(self.kept.get(name) or "") for name in DATES}
        sent = {name: self.kept.get(name, "") for name in SENT}
        if role == Enrolment.Role.MENTOR:
            sent |= {"goal": "", "line_manager_email": ""}
        chosen = Organisation.objects.filter(name=self.kept.get("organisation", "")).first()
        return {
            **sent,
            **days,
            "rhythm_weeks": int(self.kept.get("rhythm_weeks") or 0) or None,
            "capacity": int(self.kept.get("capacity") or 1),
            "organisation": self.organisation or chosen,
        }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _in_words(name: str, field: Any, value: Any) -> str:
    if name in DATES:
        return date_format(day, "j F Y") if (day := parse_date(value)) else ""
    choices = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return choices.get(str(value), str(value))
