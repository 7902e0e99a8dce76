"""What every page shows around itself."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commonhall.demo.queries import is_demo
from commonhall.notifications.queries import unread_count
from commonhall.organisations.models import Grant
from commonhall.organisations.queries import brand_of, grants_of, has_workplace
from commonhall.workspace.queries.messages import unread_count as unread_messages


@dataclass(frozen=True)
class Entry:
    label: str | Promise
    url: str
    active: bool = False
    count: int = 0


def roles(user: Any) -> set[str]:
    return {held.role for held in grants_of(user)}


def anybody(user: Any) -> bool:
    return True


def works_somewhere(user: Any) -> bool:
    return has_workplace(user) or runs_programmes(user)


def runs_programmes(user: Any) -> bool:
    return bool(roles(user) & {Grant.Role.COORDINATOR, Grant.Role.POOL_OWNER})


def looks_after_organisations(user: Any) -> bool:
    wanted = {Grant.Role.SITE_ADMINISTRATOR, Grant.Role.ORGANISATION_ADMINISTRATOR, Grant.Role.POOL_OWNER}
    return bool(roles(user) & wanted)


def is_site_administrator(user: Any) -> bool:
    return Grant.Role.SITE_ADMINISTRATOR in roles(user)


MAIN: tuple[tuple[str | Promise, str, Callable[[Any], bool]], ...] = (
    (_("Home"), "home:start", anybody),
    (_("Programmes"), "programmes:list", anybody),
    (_("Mentors"), "mentors", works_somewhere),
    (_("Mentorships"), "mentorships:list", anybody),
    (_("Meetings"), "meetings:list", anybody),
    (_("Organisations"), "organisations:list", looks_after_organisations),
    (_("System"), "operations:status", is_site_administrator),
)


@dataclass(frozen=True)
class Door:
    """A page about one thing that a higher room has, and how much of it is new to somebody."""

    label: str | Promise
    name: str
    icon: str
    new: Callable[[Any, Any], int] | None = None


# For whoever runs a programme, on its page.
PROGRAMME_DOORS = (
    Door(_("Matching"), "matching:rounds", "puzzle"),
    Door(_("Pairs and meetings"), "meetings:pairs", "people-fill"),
    Door(_("Reported messages"), "workspace:reports", "flag"),
    Door(_("Where pairs meet"), "meetings:programme_room", "camera-video"),
    Door(_("Distance and hours"), "meetings:programme_savings", "bar-chart"),
)

# For the people of a mentorship, on its page.
PAIR_DOORS = (
    Door(_("Goals"), "workspace:goals", "bullseye"),
    Door(_("Actions"), "workspace:actions", "check2-square"),
    Door(_("Notes that you share"), "workspace:notes", "journal-text"),
    Door(_("Your private notes"), "workspace:private", "lock"),
    Door(_("Messages"), "workspace:thread", "chat-left-text", unread_messages),
)

# Where somebody says how they are told of more than notices.
PREFERENCE_DOORS = (
    Door(
        _("Messages by e-mail: with the words or without, and your quiet hours"), "workspace:correspondence", "envelope"
    ),
)

# Pages of a higher room that a mentor's page leads a mentee to.
MENTOR_DOORS = {"ask": "matching:ask", "wish": "matching:add_wish", "shortlist": "matching:shortlist"}

ACCOUNT: tuple[tuple[str | Promise, str], ...] = (
    (_("Your profile"), "people:edit"),
    (_("Your calendars"), "integrations:calendars"),
    (_("Notices"), "notifications:inbox"),
    (_("Your account"), "accounts:settings"),
    (_("Your data"), "privacy:mine"),
)


def main(request: HttpRequest) -> tuple[Entry, ...]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ()
    doors = _doors(tuple(may(user) for _label, _name, may in MAIN), get_language())
    active = next((url for _label, url in reversed(doors) if _is_active(request, url)), "")
    return _entries(doors, active)


def _is_active(request: HttpRequest, url: str) -> bool:
    return request.path == url or (url != "/" and request.path.startswith(url))


@lru_cache(maxsize=200)
def _doors(open_to_reader: tuple[bool, ...], language: str) -> tuple[tuple[str, str], ...]:
    """Words and addresses, which are the same for everybody who may go to the same places."""
    pairs = zip(MAIN, open_to_reader, strict=True)
    return tuple((str(label), reverse(name)) for (label, name, _may), may in pairs if may)


@lru_cache(maxsize=1000)
def _entries(doors: tuple[tuple[str, str], ...], active: str) -> tuple[Entry, ...]:
    return tuple(Entry(label, url, url == active) for label, url in doors)


def account(request: HttpRequest) -> tuple[Entry, ...]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ()
    return _account(unread_count(user), get_language())


@lru_cache(maxsize=1000)
def _account(unread: int, language: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(str(label), reverse(name), count=unread if name == "notifications:inbox" else 0)
        for label, name in ACCOUNT
    )


def brand(request: HttpRequest) -> dict[str, str] | None:
    user = getattr(request, "user", None)
    found = brand_of(user) if user and user.is_authenticated else None
    if found is None:
        return None
    css = reverse("brand", args=[found.slug]) if found.colour else ""
    return {"name": found.label, "css": css, "logo": found.logo}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the page shell; everything is worked out only when a template asks."""
    return {
        "site_name": settings.SITE_NAME,
        "sign_in_url": reverse("account_login"),
        "navigation": SimpleLazyObject(lambda: main(request)),
        "programme_doors": PROGRAMME_DOORS,
        "pair_doors": PAIR_DOORS,
        "preference_doors": PREFERENCE_DOORS,
        "mentor_doors": MENTOR_DOORS,
        "account_menu": SimpleLazyObject(lambda: account(request)),
        "brand": SimpleLazyObject(lambda: brand(request)),
        "demo_mode": SimpleLazyObject(is_demo),
        "design_page": settings.COMMONHALL_DESIGN_PAGE,
    }
