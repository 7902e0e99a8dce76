"""Kept e-mails stand in the demo only, where nobody is real."""

from typing import Any

from django.db.models import QuerySet

from commonhall.demo.models import KeptMail

MODELS = (KeptMail,)


def kinds(user: Any) -> dict[str, QuerySet[Any, Any]]:
    return {"kept_mail": KeptMail.objects.filter(recipient=user.email).values("subject", "kept_at")}


def holds(user: Any) -> dict[str, list[dict[str, Any]]]:
    return {kind: list(rows) for kind, rows in kinds(user).items()}


def erase(user: Any) -> None:
    KeptMail.objects.filter(recipient=user.email).delete()
