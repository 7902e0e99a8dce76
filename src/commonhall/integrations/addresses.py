"""Which addresses outside we may speak to: never one inside a network, unless the operator has named its host."""

import ipaddress
from typing import Any

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from commonhall.core.errors import Refused

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
PORTS = {80, 443, 2080, 5001, 5232, 8008, 8080, 8443, 8800, 8843}
USUAL = {"http": 80, "https": 443}
LONGEST = 2000
# What Python's own tables of one version or another let pass.
NEVER: tuple[Any, ...] = tuple(
    ipaddress.ip_network(network)
    for network in ("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4")
) + tuple(
    ipaddress.ip_network(network)
    for network in ("::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16", "3fff::/20", "fec0::/10")
)
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotAllowed(Refused):
    """An address that is not asked; the reason says why and what to do."""

    status = 422


def is_outside(ip: IP) -> bool:
    """Whether an IP address is one of the public internet, also where another is hidden inside it."""
    if isinstance(ip, ipaddress.IPv6Address):
        hidden = ip.ipv4_mapped or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else None)
        if hidden is not None:
            return is_outside(hidden)
    if any(ip.version == network.version and ip in network for network in NEVER):
        return False
    return ip.is_global and not ip.is_multicast


def as_url(typed: str) -> httpx.URL:
    """What somebody typed as an address that may be asked, as far as that shows before its name is looked up."""
    address = typed.strip()
    scheme, separator, rest = address.partition("://")
    if not separator or scheme.lower() in ("webcal", "webcals"):
        address = f"https://{rest if separator else address}"
    if len(address) > LONGEST:
        raise NotAllowed(_("This address is too long to be one."))
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise NotAllowed(_("This is not an address. Copy it whole, from https:// to its end.")) from None
    refuse_nonsense(url)
    return url.copy_with(fragment=None)


def refuse_nonsense(url: httpx.URL) -> None:
    if url.scheme not in USUAL:
        raise NotAllowed(_("An address begins with https:// or webcal://. Copy it whole."))
    if not url.host:
        raise NotAllowed(_("This address names no server. Copy it whole, from https:// to its end."))
    if port_of(url) not in PORTS and not is_allowed_inside(url.host, port_of(url)):
        raise NotAllowed(_("We ask no calendars at port %(port)d.") % {"port": port_of(url)})


def port_of(url: httpx.URL) -> int:
    return url.port or USUAL.get(url.scheme, 0)


def is_allowed_inside(host: str, port: int) -> bool:
    """Whether the operator has named this host of an internal network, at this port or at any usual one."""
    bare = host.lower().strip("[]").rstrip(".")
    named = {entry.strip().lower() for entry in settings.ALLOWED_INTERNAL_HOSTS}
    with_port = f"[{bare}]:{port}" if ":" in bare else f"{bare}:{port}"
    return with_port in named or (bare in named and port in PORTS)


def allowed(host: str, port: int, found: list[str]) -> list[str]:
    """The IP addresses that a name led to, all of which must be outside; raises `NotAllowed` otherwise."""
    if not is_allowed_inside(host, port) and not all(is_outside(ipaddress.ip_address(one)) for one in found):
        raise NotAllowed(
            _(
                "“%(host)s” leads into an internal network, where we do not look. "
                "If your council keeps its calendars there, ask its IT to allow this host."
            )
            % {"host": host}
        )
    return found
