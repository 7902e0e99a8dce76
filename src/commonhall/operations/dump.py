"""`commonhall dump`: every row as one line of JSON, the same text on both engines for the same content.

Left out are the two registers that Django fills from the code (content types and permissions): their numbers depend on
the order in which a database was made.
"""

import argparse
import base64
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction


def dump(options: argparse.Namespace) -> None:
    for line in lines():
        sys.stdout.write(line + "\n")


def lines() -> Iterator[str]:
    """One transaction, so that what is printed was true at one moment."""
    tables = sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.label_lower)
    with transaction.atomic():
        for model in tables:
            if model._meta.managed and not model._meta.proxy and model not in (ContentType, Permission):
                yield from sorted(_row(model, values) for values in _values(model))


def _values(model: type[models.Model]) -> Iterator[dict[str, Any]]:
    fields = [field.attname for field in model._meta.concrete_fields]
    return model._base_manager.values(*fields).iterator(chunk_size=2000)


def _row(model: type[models.Model], values: dict[str, Any]) -> str:
    row: dict[str, Any] = {"table": model._meta.label_lower}
    for field in model._meta.concrete_fields:
        row[field.attname] = _canonical(field, values[field.attname])
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _canonical(field: "models.Field[Any, Any]", value: Any) -> Any:
    if value is not None and getattr(field, "related_model", None) is ContentType:
        return _content_type(value)
    if isinstance(field, models.JSONField):
        return _number_free(value)
    return _plain(value)


def _content_type(pk: int) -> str:
    kind = ContentType.objects.get_for_id(pk)
    return f"{kind.app_label}.{kind.model}"


def _number_free(value: Any) -> Any:
    """In JSON one engine keeps 1.0 and the other 1."""
    if isinstance(value, dict):
        return {key: _number_free(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_number_free(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value
