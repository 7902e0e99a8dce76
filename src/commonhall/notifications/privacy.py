"""What we hold here about a person."""

from typing import Any

from django.db.models import QuerySet

from commonhall.notifications.models import Notice, Preference

MODELS = (Notice, Preference)


def kinds(user: Any) -> dict[str, QuerySet[Any, Any]]:
    return {
        "notices": user.notices.values("kind", "subject", "text", "created_at", "read_at", "sent_at"),
        "notice_preferences": user.preferences.values("kind", "how"),
    }


def holds(user: Any) -> dict[str, list[dict[str, Any]]]:
    return {kind: list(rows) for kind, rows in kinds(user).items()}


def erase(user: Any) -> None:
    Notice.objects.filter(user=user).delete()
    Notice.objects.filter(user=None, address=user.email).delete()
    Preference.objects.filter(user=user).delete()
