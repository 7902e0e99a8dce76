import functools
import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.paginator import Page
from django.http import QueryDict
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

BUILT = Path(__file__).resolve().parents[1] / "static" / "ui"

# What a page asks for, and what the bundler calls it.
ALIASES = {
    "app.css": "styles/app.scss",
    "favicon.svg": "images/favicon.svg",
    "font.woff2": "node_modules/@fontsource-variable/atkinson-hyperlegible-next/files/"
    "atkinson-hyperlegible-next-latin-wght-normal.woff2",
}

WHEN_FORMATS = {
    "date": "l j F Y",
    "short": "j M Y",
    "day": "D j M",
    "time": "H:i",
    "datetime": "D j M Y, H:i",
    "zoned": "l j F Y, H:i T",
}


@functools.lru_cache(maxsize=4)
def _files(manifest: Path, changed: int) -> dict[str, str]:
    entries = json.loads(manifest.read_text())
    return {source: f"ui/{entry['file']}" for source, entry in entries.items()}


@functools.cache
def _at_first() -> int:
    return _built_at()


def _changed() -> int:
    """A process keeps the names that it began with (a later build leaves their files alone); with DEBUG it follows."""
    return _built_at() if settings.DEBUG else _at_first()


def _built_at() -> int:
    try:
        return (BUILT / "manifest.json").stat().st_mtime_ns
    except FileNotFoundError:
        raise ImproperlyConfigured("The front end has not been built: run python assets/build.py.") from None


def built_files() -> dict[str, str]:
    return _files(BUILT / "manifest.json", _changed())


@functools.lru_cache(maxsize=256)
def _address(name: str, changed: int) -> str:
    files = built_files()
    source = ALIASES.get(name, name)
    if source not in files:
        raise ImproperlyConfigured(f"The front end has no file called {name}.")
    return static(files[source])


@functools.lru_cache(maxsize=1024)
def _icon(name: str, label: str, css: str, changed: int) -> SafeString:
    voice = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    classes = f"icon {css}" if css else "icon"
    sprite = _address("icons.svg", changed)
    return format_html(
        '<svg class="{}" width="16" height="16" {}><use href="{}#{}"/></svg>', classes, voice, sprite, name
    )


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file, with its hash: {% asset "app.css" %}."""
    return _address(name, _changed())


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A Bootstrap icon from the sprite; decoration unless it has a label."""
    return _icon(str(name), str(label), str(css), _changed())


@register.simple_tag
def when(value: date | datetime | None, kind: str = "datetime") -> str | SafeString:
    """A moment in the reader's time zone, readable by machines too."""
    if value is None:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    words = date_format(value, WHEN_FORMATS.get(kind, kind))
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.simple_tag
def drawn(template_name: str, thing: Any) -> SafeString:
    """A part of a page that is drawn from one frozen thing and nothing else, so that equal things are drawn once.

    The template sees `it`, and neither the request nor who is signed in: what it shows cannot be another person's.
    """
    return _drawn(template_name, thing, get_language(), timezone.get_current_timezone_name(), _changed())


@functools.lru_cache(maxsize=2000)
def _drawn(template_name: str, thing: Any, language: str, zone: str, changed: int) -> SafeString:
    return render_to_string(template_name, {"it": thing})


@register.filter
def options(groups: Iterable[tuple[Any, Iterable[dict[str, Any]], int]]) -> SafeString:
    """The inside of a select. Filters have hundreds of choices, and a template takes twenty times as long for each."""
    parts: list[str] = []
    for name, choices, _number in groups:
        inside = "".join(map(_option, choices))
        parts.append(f'<optgroup label="{conditional_escape(name)}">{inside}</optgroup>' if name else inside)
    return SafeString("".join(parts))


def _option(option: dict[str, Any]) -> str:
    marks = (" selected" if option["selected"] else "") + (" disabled" if option["attrs"].get("disabled") else "")
    return (
        f'<option value="{conditional_escape(option["value"])}"{marks}>{conditional_escape(option["label"])}</option>'
    )


@register.filter
def initials(name: object) -> str:
    words = str(name).split()
    if not words:
        return "?"
    chosen = words[:1] if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in chosen).upper()


@register.filter
def tone(name: object) -> int:
    """One of six calm colours, always the same for the same name."""
    return sum(str(name).encode()) % 6


@register.simple_tag(takes_context=True)
def new_behind(context: Context, door: Any, thing: Any) -> int:
    """How much behind a door is new to whoever is signed in; 0 for a door that does not count."""
    request = context.get("request")
    return int(door.new(thing, request.user)) if door.new and request else 0


@register.simple_tag(takes_context=True)
def param_replace(context: Context, **changes: Any) -> str:
    """This page's query string with some parameters changed; None takes one away."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_link(context: Context, sort: Any, key: str) -> str:
    """The query string that sorts by this column, or turns it round if it is already sorted by it."""
    return param_replace(context, sort=sort.toggled(key), page=None)


@register.filter
def sorted_as(sort: Any, key: str) -> str:
    """What aria-sort says about a column."""
    return str(sort.direction(key))


@register.filter
def page_numbers(page: Page[Any]) -> list[int | str]:
    """First, last and the neighbours of this page, with gaps between."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
