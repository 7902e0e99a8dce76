"""Whether the certificate of our own address is one that a browser takes, and for how long."""

import socket
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

from commonhall.core import clock

SECONDS = 5
FEW_DAYS = 14


def finding(address: str) -> tuple[bool | None, str]:
    """As `commonhall doctor` says it: well, unknown (from this machine the address does not answer) or ill."""
    parts = urlsplit(address)
    name, port = parts.hostname or "", parts.port or 443
    try:
        ends = _end(name, port)
    except ssl.SSLCertVerificationError as error:
        return False, f"Certificate: a browser would refuse that of {name} ({error.verify_message})"
    except OSError as error:
        return None, f"Certificate: {name}:{port} does not answer from this machine ({error.strerror or error})"
    days = (ends - clock.now()).days
    return days >= FEW_DAYS, f"Certificate: that of {name} is good for {days} days"


def _end(name: str, port: int) -> datetime:
    with (
        socket.create_connection((name, port), timeout=SECONDS) as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=name) as secure,
    ):
        certificate = secure.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
