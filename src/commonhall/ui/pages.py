"""Long lists: which page of them, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest


def page_of(rows: QuerySet[Any] | Sequence[Any], request: HttpRequest, per: int = 20) -> Page[Any]:
    """The page that ?page= asks for; a number out of range gives the nearest page there is."""
    return Paginator(rows, per).get_page(request.GET.get("page"))


@dataclass(frozen=True)
class Sort:
    """The order that ?sort= asks for, `name` or `-name`, out of the columns that a page offers."""

    key: str
    descending: bool
    columns: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, request: HttpRequest, columns: Mapping[str, tuple[str, ...]], default: str) -> "Sort":
        asked = request.GET.get("sort", "")
        chosen = asked if asked.removeprefix("-") in columns else default
        return cls(chosen.removeprefix("-"), chosen.startswith("-"), columns)

    @property
    def fields(self) -> tuple[str, ...]:
        """For order_by(); ends with the key, so that equal rows never change places between pages."""
        turned = tuple(_turned(field) if self.descending else field for field in self.columns[self.key])
        return (*turned, "pk")

    def toggled(self, key: str) -> str:
        return f"-{key}" if key == self.key and not self.descending else key

    def direction(self, key: str) -> str:
        if key != self.key:
            return "none"
        return "descending" if self.descending else "ascending"


def _turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"
