"""Inputs that Django does not have. All of them work without JavaScript."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import time
from functools import lru_cache
from typing import Any, NamedTuple

from django import forms
from django.forms.utils import flatatt
from django.utils.dates import WEEKDAYS
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString


class Date(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "width-10", **(attrs or {})}, format="%Y-%m-%d")


class Time(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "width-5", **(attrs or {})}, format="%H:%M")


class DateTime(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "width-20", **(attrs or {})}, format="%Y-%m-%dT%H:%M")


class Suggest(forms.TextInput):
    """A text input that suggests answers and accepts any other."""

    template_name = "ui/forms/widgets/suggest.html"

    def __init__(self, suggestions: Iterable[str], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["suggestions"] = list(self.suggestions)
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_suggestions"
        return context


class Picker(forms.CheckboxSelectMultiple):
    """Many from a long grouped list, found by synonyms too, and one's own words beside them.

    Choices are Django's grouped choices; `synonyms` maps a value to words that should find it.
    """

    template_name = "ui/forms/widgets/picker.html"
    use_fieldset = True

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        synonyms: Mapping[str, str] | None = None,
        free: bool = True,
    ) -> None:
        super().__init__(attrs, choices)
        self.synonyms = synonyms or {}
        self.free = free

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        ticked = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        written = data.get(f"{name}-other") or ""
        return [*ticked, *(word for part in written.splitlines() for word in part.split(","))]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Without Django's dictionary and template for each choice: on a page with three lists they cost 20 ms."""
        values = [str(item) for item in value or []]
        context = forms.Widget.get_context(self, name, values, attrs)
        known = {str(option) for option, _label in flat_choices(self.choices)}
        context["widget"]["free"] = self.free
        context["widget"]["other"] = ", ".join(item.strip() for item in values if item not in known and item.strip())
        context["widget"]["groups"] = list(self._groups(name, set(values), context["widget"]["attrs"].get("id", "")))
        return context

    def _groups(self, name: str, values: set[str], id_: str) -> Iterator[dict[str, Any]]:
        for index, (value, label) in enumerate(self.choices):
            grouped = isinstance(label, list | tuple)
            inside = [(f"_{index}_{place}", *pair) for place, pair in enumerate(label)] if grouped else []
            ticks = inside or [(f"_{index}", value, label)]
            chosen = [str(value) in values for _place, value, _label in ticks]
            drawn = [
                self._tick(name, id_ and id_ + place, str(value), str(label), is_chosen)
                for (place, value, label), is_chosen in zip(ticks, chosen, strict=True)
            ]
            yield {"label": value if grouped else "", "ticks": SafeString("".join(drawn)), "chosen": sum(chosen)}

    def _tick(self, name: str, id_: str, value: str, label: str, is_chosen: bool) -> str:
        before, after = _tick(name, id_, value, label, str(self.synonyms.get(value, "")))
        return f"{before} checked{after}" if is_chosen else before + after

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        option["words"] = f"{option['label']} {self.synonyms.get(str(option['value']), '')}".strip()
        return option


@lru_cache(maxsize=5000)
def _tick(name: str, id_: str, value: str, label: str, synonyms: str) -> tuple[str, str]:
    """One choice up to where it may be ticked, and the rest."""
    words = f"{label} {synonyms}".strip()
    before = format_html(
        '<label class="choice" data-words="{}"><input type="checkbox" name="{}" value="{}" id="{}"',
        *(words, name, value, id_),
    )
    return before, format_html(' data-name="{}"> <span>{}</span></label>', label, label)


def drawn_select(widget: forms.Select, name: str, value: Any, attrs: Mapping[str, Any]) -> SafeString:
    """A plain select as Django's template draws it, for lists of hundreds."""
    left = set(widget.format_value(value))
    parts = []
    for key, label in widget.choices:
        if isinstance(label, list | tuple):
            inside = "".join([_option(str(inner), str(words), left) for inner, words in label])
            parts.append(f'<optgroup label="{escape(key)}">{inside}</optgroup>')
        else:
            parts.append(_option("" if key is None else str(key), str(label), left))
    own = flatatt(widget.build_attrs(widget.attrs, dict(attrs)))
    return SafeString(f'<select name="{escape(name)}"{own}>{"".join(parts)}</select>')


def _option(value: str, label: str, left: set[str]) -> str:
    before, after = _option_parts(value, label)
    if value not in left:
        return before + after
    left.clear()
    return f"{before} selected{after}"


@lru_cache(maxsize=5000)
def _option_parts(value: str, label: str) -> tuple[str, str]:
    return f'<option value="{escape(value)}"', f">{escape(label)}</option>"


def flat_choices(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from flat_choices(label)
        else:
            yield value, label


class Span(NamedTuple):
    """A stretch of working time; Monday is day 0."""

    day: int
    start: time
    end: time


class WeeklyHours(forms.Widget):
    """From and to for each day of a week, with room for a second stretch where asked."""

    template_name = "ui/forms/widgets/weekly_hours.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, spans: int = 1, days: Sequence[int] = range(7)) -> None:
        super().__init__(attrs)
        self.spans = spans
        self.days = days

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[tuple[int, int], tuple[str, str]]:
        return {
            (day, span): (data.get(f"{name}_{day}_{span}_from", ""), data.get(f"{name}_{day}_{span}_to", ""))
            for day in self.days
            for span in range(self.spans)
        }

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}_") for key in data)

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return f"{id_}_{self.days[0]}_0_from"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        filled = value if isinstance(value, dict) else hours_as_typed(value or ())
        context["widget"]["span_numbers"] = range(self.spans)
        context["widget"]["rows"] = [
            {
                "day": day,
                "label": WEEKDAYS[day],
                "spans": [filled.get((day, span), ("", "")) for span in range(self.spans)],
            }
            for day in self.days
        ]
        return context


def hours_as_typed(spans: Iterable[tuple[int, Any, Any]]) -> dict[tuple[int, int], tuple[str, str]]:
    typed: dict[tuple[int, int], tuple[str, str]] = {}
    for day, start, end in sorted(spans):
        number = sum(1 for taken, _span in typed if taken == day)
        typed[day, number] = (_clock(start), _clock(end))
    return typed


def _clock(value: time | str) -> str:
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)[:5]
