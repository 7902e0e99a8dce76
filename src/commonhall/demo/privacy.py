"""Kept e-mails stand in the demo only, where nobody is real."""

from typing import Any

from commonhall.demo.models import KeptMail

MODELS = (KeptMail,)


def holds(user: Any) -> dict[str, list[dict[str, Any]]]:
    return {"kept_mail": list(KeptMail.objects.filter(recipient=user.email).values("subject", "kept_at"))}


def erase(user: Any) -> None:
    KeptMail.objects.filter(recipient=user.email).delete()
