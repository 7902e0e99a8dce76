"""The only door to servers that people name: every connection is checked, short, small and without memory.

A name is looked up once, each IP address found must be allowed (`integrations.addresses`), and the connection goes to
exactly that address, so that a name cannot lead elsewhere between the check and the call. Redirects pass the same door.
"""

import socket
import ssl
import threading
import time
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpcore
import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from commonhall.core.errors import Refused
from commonhall.core.version import VERSION
from commonhall.integrations.addresses import (
    NotAllowed,
    allowed,
    as_url,
    is_allowed_inside,
    port_of,
    refuse_nonsense,
)

MOST_BYTES = 5 * 2**20
SECONDS = 10.0
MOST_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
AT_ONCE = 3
_waiting = threading.BoundedSemaphore(AT_ONCE)


class FetchFailed(Refused):
    """A server gave no answer that we can use; the reason is for the person whose calendar it is."""

    status = 422


class Deadline:
    """A moment by which all of it must be over, however slowly a server drips."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        left = self._at - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> FetchFailed:
        return FetchFailed(_("The server took longer than %(n)d seconds. Try again later.") % {"n": self.seconds})


@dataclass(frozen=True)
class Answer:
    status: int
    headers: httpx.Headers
    body: bytes
    address: str


@dataclass(frozen=True)
class Login:
    username: str
    password: str = field(repr=False)


class _Stream(httpcore.NetworkStream):
    """A connection of which no single wait outlives the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secure = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _Stream(secure, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Guard(httpcore.NetworkBackend):
    """Connects to the IP address that was checked, and to no other."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline, self._plain = deadline, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        problem: Exception = httpcore.ConnectError("no address")
        for address in allowed(host, port, looked_up(host, port, self._deadline))[:4]:
            try:
                stream = self._plain.connect_tcp(address, port, min(self._deadline.left(), self._deadline.seconds / 2))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                return _Stream(stream, self._deadline)
        raise problem


def looked_up(host: str, port: int, deadline: Deadline) -> list[str]:
    """The IP addresses of a name. In a thread, because looking up obeys no deadline of ours."""
    found: list[str] = []

    def look() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(str(row[4][0]).partition("%")[0] for row in rows))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(deadline.left())
    if thread.is_alive():
        raise deadline.passed()
    if not found:
        raise FetchFailed(_("There is no server called “%(host)s”. Is the address whole?") % {"host": host})
    return found


@cache
def _certificates() -> ssl.SSLContext:
    """Public authorities, and those that the machine trusts: a council may have its own."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        self._stream.close()


class _Transport(httpx.BaseTransport):
    def __init__(self, deadline: Deadline) -> None:
        self._pool = httpcore.ConnectionPool(ssl_context=_certificates(), network_backend=_Guard(deadline))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
        )
        answer = self._pool.handle_request(asked)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))

    def close(self) -> None:
        self._pool.close()


class Session(AbstractContextManager["Session"]):
    """One errand to servers that somebody named: a few calls, one deadline. Keeps no cookies and knows no proxies."""

    def __init__(self, *, login: Login | None = None, seconds: float = SECONDS, most: int = MOST_BYTES) -> None:
        if not settings.CONNECT_CALENDARS:
            raise NotAllowed(_("Calendars that are kept elsewhere are switched off here."))
        self.login, self.most, self._deadline = login, most, Deadline(seconds)
        self._client = httpx.Client(
            transport=_Transport(self._deadline),
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": f"Commonhall/{VERSION}", "Accept": "*/*", "Accept-Encoding": "gzip"},
        )

    def __exit__(self, *problem: object) -> None:
        self._client.close()

    def ask(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        carry: bool = False,
    ) -> Answer:
        """The answer to one question, whatever its status; where it leads elsewhere, from there.

        The login stays behind when that is another place, unless it may be carried there, encrypted.
        """
        url, login = as_url(address), self.login
        for _hop in range(MOST_REDIRECTS + 1):
            answer = self._once(method, url, headers or {}, content, login)
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                return answer
            target = _target(url, answer, method)
            login = login if same_place(url, target) or (carry and target.scheme == "https") else None
            url = target
        raise FetchFailed(_("The address leads from one place to the next without end."))

    def _once(
        self, method: str, url: httpx.URL, headers: Mapping[str, str], content: bytes, login: Login | None
    ) -> Answer:
        try:
            request = self._client.build_request(method, url, headers=headers, content=content or None)
            response = self._client.send(request, stream=True, auth=Credentials(login) if login else None)
            try:
                return Answer(response.status_code, response.headers, self._body(response), str(url))
            finally:
                response.close()
        except httpcore.TimeoutException:
            raise self._deadline.passed() from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.HTTPError, OSError) as error:
            self._deadline.left()
            raise FetchFailed(_in_words(error, url)) from error

    def _body(self, response: httpx.Response) -> bytes:
        unpacked = _Unpacking(response.headers.get("content-encoding", ""), self.most)
        size = 0
        for chunk in response.iter_raw():
            size += len(chunk)
            if size > self.most:
                raise too_large(self.most)
            unpacked.take(chunk)
        return bytes(unpacked.content)


class Credentials(httpx.Auth):
    """Basic at once, which spares a call; Digest where the server wants that and nothing else."""

    def __init__(self, login: Login) -> None:
        self._given = (login.username, login.password)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        response = yield next(httpx.BasicAuth(*self._given).auth_flow(request))
        offered = " ".join(response.headers.get_list("www-authenticate")).lower()
        if response.status_code == 401 and "digest" in offered and "basic" not in offered:
            digest = httpx.DigestAuth(*self._given).auth_flow(request)
            next(digest)
            with suppress(StopIteration):
                yield digest.send(response)


class _Unpacking:
    """A body as it comes in, never unpacked further than the limit."""

    def __init__(self, encoding: str, most: int) -> None:
        self.content, self._most = bytearray(), most
        if encoding.lower() not in ("", "identity", "gzip", "x-gzip"):
            raise FetchFailed(_("The server packs its answer in a way that we cannot read."))
        self._packed = zlib.decompressobj(wbits=31) if "gzip" in encoding.lower() else None

    def take(self, chunk: bytes) -> None:
        try:
            self.content += (
                self._packed.decompress(chunk, self._most - len(self.content) + 1) if self._packed else chunk
            )
        except zlib.error:
            raise FetchFailed(_("The server’s answer is damaged.")) from None
        if len(self.content) > self._most:
            raise too_large(self._most)


def status_in_words(status: int) -> str:
    """Why there is nothing to read, where the server said so by a number."""
    if status in (401, 403):
        return _("The server does not let us in. Has the address or the password been changed?")
    if status in (404, 410):
        return _("There is no calendar at this address any more.")
    if status == 429 or status >= 500:
        return _("The server has trouble just now (%(status)d). Try again later.") % {"status": status}
    return _("The server gave no calendar, but the answer %(status)d.") % {"status": status}


def too_large(most: int) -> FetchFailed:
    return FetchFailed(
        _("There are more than %(n)d MB at this address. We read smaller calendars only.") % {"n": most // 2**20}
    )


def same_place(one: httpx.URL, other: httpx.URL) -> bool:
    return (one.scheme, one.host, port_of(one)) == (other.scheme, other.host, port_of(other))


def _target(url: httpx.URL, answer: Answer, method: str) -> httpx.URL:
    try:
        target = url.join(answer.headers["location"]).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise FetchFailed(_("The address leads to another that is none.")) from None
    refuse_nonsense(target)
    if url.scheme == "https" and target.scheme == "http" and not is_allowed_inside(target.host, port_of(target)):
        raise FetchFailed(_("The address leads to another one that is not encrypted (http). We do not follow it."))
    if answer.status == 303 and method != "GET":
        raise FetchFailed(_("The server does not answer as a calendar server does."))
    return target


def _in_words(error: BaseException, url: httpx.URL) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return _("“%(host)s” cannot prove that it is who it says (its certificate is not valid).") % {
                "host": url.host
            }
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpcore.ConnectError | OSError):
        return _("“%(host)s” does not answer. Try again later.") % {"host": url.host}
    return _("“%(host)s” broke off, or does not speak as a web server does.") % {"host": url.host}


@contextmanager
def in_turn() -> Iterator[None]:
    """For a page that waits for a server: few do so at once, so that slow servers cannot hold up everybody's pages."""
    if not _waiting.acquire(blocking=False):
        raise FetchFailed(_("Others are having calendars read just now. Try again in a minute."))
    try:
        yield
    finally:
        _waiting.release()
