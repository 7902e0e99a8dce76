"""How every form looks: GOV.UK's patterns, rendered by `{{ form }}` alone.

A form may say three things about its own look:
`seen_by = {"field": "Who sees it"}`, `sections = [("Legend", ("field", …)), …]` and `mark_optional = False`.
"""

import functools
import itertools
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.dateparse import parse_time
from django.utils.dates import WEEKDAYS
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from commonhall.ui.widgets import Picker, Span, WeeklyHours, drawn_select, flat_choices

BOXES = (forms.widgets.Input, forms.Textarea, forms.Select)
NOT_BOXES = (forms.HiddenInput, forms.CheckboxInput, forms.FileInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


PLAIN_WORDS = {
    "required": _("“%(label)s” is still empty."),
    "invalid": _("“%(label)s” is not in a form that we can read."),
    "invalid_choice": _("“%(label)s”: choose one of the answers on the page."),
    "invalid_list": _("“%(label)s”: choose from the answers on the page."),
}
LIMIT_WORDS = {
    "max_length": _("“%(label)s” is too long: %%(limit_value)d characters fit, and there are %%(show_value)d."),
    "min_value": _("“%(label)s” has to be %%(limit_value)s or more."),
    "max_value": _("“%(label)s” has to be %%(limit_value)s or less."),
}


def _with_hint(label: Any, hint: Any) -> SafeString:
    return format_html('{}<span class="field-hint">{}</span>', label, hint)


# A choice's label with what it means below it.
hinted = lazy(_with_hint, SafeString)


class FormField(BoundField):
    """A field as the page shows it: hint, who sees it, error, and where the error summary points."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        self._speak_plainly()

    def _speak_plainly(self) -> None:
        """Django's own messages do not say which field they mean; the error summary needs that."""
        messages, stock = self.field.error_messages, _stock_messages(cast(Hashable, type(self.field)))
        for code, words in PLAIN_WORDS.items():
            if code in stock and messages[code] is stock[code]:
                messages[code] = _labelled(words, str(self.label))
        for code, words in LIMIT_WORDS.items():
            if code not in messages:
                messages[code] = _labelled(words, str(self.label).replace("%", "%%"))

    @property
    def seen_by(self) -> str:
        return str(getattr(self.form, "seen_by", {}).get(self.name, ""))

    @property
    def optional(self) -> bool:
        return not self.field.required and not self.is_tick and getattr(self.form, "mark_optional", True)

    @property
    def is_tick(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def limit(self) -> int | None:
        """Characters allowed, where the page counts them."""
        return getattr(self.field, "max_length", None) if isinstance(self.field.widget, forms.Textarea) else None

    @property
    def left(self) -> int:
        return (self.limit or 0) - len(str(self.value() or ""))

    @property
    def error_target(self) -> str:
        """The id of the first input, to which the error summary links."""
        return self.id_for_label or (f"{self.auto_id}_0" if self.use_fieldset else self.auto_id)

    @property
    def aria_describedby(self) -> str | None:
        if self.field.widget.attrs.get("aria-describedby") or not self.auto_id or self.is_hidden:
            return None
        present = {"helptext": self.help_text, "seen": self.seen_by, "error": self.errors, "count": self.limit}
        return " ".join(f"{self.auto_id}_{part}" for part, there in present.items() if there)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        # The browser's bubble would keep people from the error summary, which is read out and stays.
        attrs.pop("required", None)
        if isinstance(widget, BOXES) and not isinstance(widget, NOT_BOXES):
            attrs["class"] = _box_classes(widget)
        if self.limit:
            attrs |= {"maxlength": False, "data-limit": str(self.limit)}
        if isinstance(widget, forms.NumberInput):
            attrs.setdefault("inputmode", "numeric" if isinstance(self.field, forms.IntegerField) else "decimal")
        return attrs

    def as_widget(
        self, widget: forms.Widget | None = None, attrs: dict[str, Any] | None = None, only_initial: bool = False
    ) -> Any:
        plain = widget is None and not only_initial and type(self.field.widget) is forms.Select
        if not plain or self.field.localize:
            return super().as_widget(widget, attrs, only_initial)
        attrs = self.build_widget_attrs(dict(attrs or {}))
        if self.auto_id and "id" not in self.field.widget.attrs:
            attrs.setdefault("id", self.auto_id)
        return drawn_select(cast(forms.Select, self.field.widget), self.html_name, self.value(), attrs)


def _box_classes(widget: forms.Widget) -> str:
    own = str(widget.attrs.get("class", ""))
    if isinstance(widget, forms.NumberInput) and "width-" not in own:
        own += " width-5"
    return f"form-control {own.strip()}".strip()


def _label_into(words: Any, label: str) -> str:
    return str(words) % {"label": label}


_labelled = lazy(_label_into, str)


@functools.cache
def _stock_messages(kind: Hashable) -> dict[str, Any]:
    """The messages of Django's own field classes under this one; a room's field keeps what it says itself."""
    messages: dict[str, Any] = {}
    for parent in reversed(cast(type, kind).__mro__):
        ours = not parent.__module__.startswith("django.")
        for code, words in getattr(parent, "__dict__", {}).get("default_error_messages", {}).items():
            messages[code] = object() if ours else words
    return messages


class FormRenderer(TemplatesSetting):
    form_template_name = "ui/forms/form.html"
    formset_template_name = "ui/forms/formset.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = FormField

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name == self.form_template_name:
            context = {**context, "sections": list(_sections(context["form"]))}
        return super().render(template_name, context, request)


def _sections(form: forms.BaseForm) -> Iterator[tuple[Any, list[BoundField]]]:
    """The visible fields in their sections; what no section names stands at the end without a legend."""
    visible = {field.name: field for field in form.visible_fields()}
    for legend, names in getattr(form, "sections", ()):
        fields = [visible.pop(name) for name in names if name in visible]
        if fields:
            yield legend, fields
    if visible:
        yield "", list(visible.values())


@dataclass(frozen=True)
class Picked:
    """What somebody chose: values from the list, and words of their own."""

    known: tuple[str, ...] = ()
    free: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[str]:
        return iter((*self.known, *self.free))

    def __bool__(self) -> bool:
        return bool(self.known or self.free)


class PickField(forms.Field):
    """Many from a list, and free words; a free word that is a label or a synonym of the list becomes that choice."""

    widget = Picker
    default_error_messages = {
        "most": _("Choose %(most)d at most. You have chosen %(count)d."),
        "long": _("“%(word)s” is too long. Use %(letters)d letters or fewer."),
        "unknown": _("“%(word)s” is not in the list."),
    }
    letters = 60

    def __init__(self, *, choices: Any, synonyms: Any = None, free: bool = True, most: int = 0, **kwargs: Any) -> None:
        super().__init__(widget=Picker(choices=choices, synonyms=synonyms, free=free), **kwargs)
        self.most = most

    @property
    def choices(self) -> Iterable[Any]:
        return self.widget.choices

    @choices.setter
    def choices(self, value: Any) -> None:
        self.widget.choices = value

    def to_python(self, value: Iterable[str] | None) -> Picked:
        by_word = self._by_word()
        known: dict[str, None] = {}
        free: dict[str, str] = {}
        for word in (" ".join(str(item).split()) for item in value or ()):
            if choice := by_word.get(word.casefold()):
                known[choice] = None
            elif word:
                free.setdefault(word.casefold(), word)
        return Picked(tuple(known), tuple(free.values()))

    def validate(self, value: Picked) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")
        count = len(value.known) + len(value.free)
        if self.most and count > self.most:
            raise ValidationError(self.error_messages["most"], code="most", params={"most": self.most, "count": count})
        for word in value.free:
            if not self.widget.free:
                raise ValidationError(self.error_messages["unknown"], code="unknown", params={"word": word})
            if len(word) > self.letters:
                raise ValidationError(
                    self.error_messages["long"], code="long", params={"word": word, "letters": self.letters}
                )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(self.to_python(initial)) != set(self.to_python(data))

    def _by_word(self) -> dict[str, str]:
        words: dict[str, str] = {}
        for value, _label in flat_choices(self.choices):
            for synonym in str(self.widget.synonyms.get(str(value), "")).split(","):
                words.setdefault(synonym.strip().casefold(), str(value))
        for value, label in flat_choices(self.choices):
            words |= {str(label).casefold(): str(value), str(value).casefold(): str(value)}
        words.pop("", None)
        return words


class WeeklyHoursField(forms.Field):
    """A weekly pattern: a tuple of spans, in order, that never overlap."""

    widget = WeeklyHours
    default_error_messages = {
        "required": _("Give the hours of at least one day."),
        "half": _("%(day)s: give both a start and an end, or leave both empty."),
        "time": _("%(day)s: write times like 09:00."),
        "order": _("%(day)s: the end must be later than the start."),
        "overlap": _("%(day)s: the two stretches overlap."),
    }

    def __init__(self, *, spans: int = 1, **kwargs: Any) -> None:
        super().__init__(widget=WeeklyHours(spans=spans), **kwargs)

    def to_python(self, value: Any) -> tuple[Span, ...]:
        problems: list[ValidationError] = []
        spans: list[Span] = []
        for (day, _number), typed in sorted((value or {}).items()):
            try:
                spans += self._span(day, *(text.strip() for text in typed))
            except ValidationError as problem:
                problems.append(problem)
        spans.sort()
        for earlier, later in itertools.pairwise(spans):
            if earlier.day == later.day and earlier.end > later.start:
                problems.append(self._problem("overlap", later.day))
        if problems:
            raise ValidationError(problems)
        return tuple(spans)

    def _span(self, day: int, start: str, end: str) -> list[Span]:
        if not start and not end:
            return []
        if not start or not end:
            raise self._problem("half", day)
        opens, closes = _time(start), _time(end)
        if opens is None or closes is None:
            raise self._problem("time", day)
        if closes <= opens:
            raise self._problem("order", day)
        return [Span(day, opens, closes)]

    def _problem(self, code: str, day: int) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"day": WEEKDAYS[day]})

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return tuple(sorted(Span(*span) for span in initial or ())) != self.to_python(data)
        except ValidationError:
            return True


def _time(text: str) -> time | None:
    try:
        return parse_time(text)
    except ValueError:
        return None
