"""What every page shows around itself."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from commonhall.demo.queries import is_demo


@dataclass(frozen=True)
class Entry:
    label: str | Promise
    url: str
    active: bool = False
    count: int = 0


def entries(request: HttpRequest) -> list[Entry]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    known = [(_("Home"), reverse("home:start"))]
    return [Entry(label, url, active=request.path == url) for label, url in known]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the page shell; everything is worked out only when a template asks."""
    return {
        "site_name": settings.SITE_NAME,
        "navigation": SimpleLazyObject(lambda: entries(request)),
        "demo_mode": SimpleLazyObject(is_demo),
        "design_page": settings.COMMONHALL_DESIGN_PAGE,
    }
