"""What we hold here about a person."""

from typing import Any

from commonhall.notifications.models import Notice, Preference

MODELS = (Notice, Preference)


def holds(user: Any) -> dict[str, list[dict[str, Any]]]:
    return {
        "notices": list(user.notices.values("kind", "subject", "text", "created_at", "read_at", "sent_at")),
        "notice_preferences": list(user.preferences.values("kind", "how")),
    }


def erase(user: Any) -> None:
    Notice.objects.filter(user=user).delete()
    Notice.objects.filter(user=None, address=user.email).delete()
    Preference.objects.filter(user=user).delete()
