"""Walking through the product as a person would: following every link and noting every act."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, ResolverMatch, resolve, reverse

LINK = re.compile(r"""\b(href|action|hx-get|hx-post)="(/[^"]*)\"""")
LEAVE_ALONE = ("/static/", "/accounts/logout", "/demo/", "/outbox/", "/brand/")
MOST_OF_A_KIND = 2


@dataclass
class Walk:
    """Pages read by path, and every address that was seen (True where it is an act)."""

    pages: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, bool] = field(default_factory=dict)


def signed_in(key: str) -> Client:
    client = Client()
    client.post(reverse("demo:sign_in", args=[key]))
    assert "_auth_user_id" in client.session, key
    return client


def matched(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def walk(client: Client) -> Walk:
    """From the start page, a few pages of each kind."""
    result, waiting, kinds = Walk(), ["/"], Counter[str]()
    while waiting:
        path = waiting.pop(0)
        found = matched(urlsplit(path).path)
        if path in result.pages or found is None or kinds[found.view_name] >= MOST_OF_A_KIND:
            continue
        kinds[found.view_name] += 1
        response = client.get(path)
        assert response.status_code < 500, path
        result.pages[path] = body(response)
        for address, is_act in addresses(result.pages[path]):
            result.addresses[address] = is_act or result.addresses.get(address, False)
            if not is_act:
                waiting.append(address)
    return result


def body(response: HttpResponse) -> str:
    is_text = response.headers.get("Content-Type", "").startswith(("text/", "image/svg", "application/json"))
    return response.content.decode() if is_text and not response.streaming else ""


def addresses(page: str) -> Iterator[tuple[str, bool]]:
    for kind, address in LINK.findall(page):
        if not address.startswith((*LEAVE_ALONE, "//")):
            yield unescape(address), kind in ("action", "hx-post")
