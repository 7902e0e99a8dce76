from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from commonhall.core.verdicts import YES, Verdict, no
from commonhall.integrations.models import Calendar

MOST_CALENDARS = 10


def can_connect(user: Any) -> Verdict:
    """Everybody, a handful of calendars each, where the site allows it at all."""
    if not settings.CONNECT_CALENDARS:
        return no(_("Calendars that are kept elsewhere are switched off here."))
    if Calendar.objects.visible_to(user).count() >= MOST_CALENDARS:
        return no(_("Ten calendars are as many as one person can have here. Remove one first."))
    return YES


def can_change_calendar(user: Any, calendar: Calendar) -> Verdict:
    """Only whose calendar it is."""
    if calendar.user_id == user.pk:
        return YES
    return no(_("This is somebody else’s calendar."))
