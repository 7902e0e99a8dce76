"""The door to outside: where it does not lead, and what cannot come in by it."""

import http.client
import ipaddress
import logging
import socket
import threading
import time
import tracemalloc

import pytest

from commonhall.core.errors import Refused
from commonhall.integrations.addresses import NotAllowed, as_url, is_outside
from commonhall.integrations.fetching import MOST_BYTES, FetchFailed, Login, Session, _certificates, in_turn
from tests.integrations.servers import Reply, certificate, packed, stranger, tls

INSIDE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.8.9.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
OUTSIDE = ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]


def asked(address, **options):
    with Session(**options) as session:
        return session.ask("GET", address)


@pytest.mark.parametrize("ip", INSIDE)
def test_an_address_inside_a_network_is_none_of_ours(ip):
    assert not is_outside(ipaddress.ip_address(ip))


@pytest.mark.parametrize("ip", OUTSIDE)
def test_an_address_of_the_public_internet_may_be_asked(ip):
    assert is_outside(ipaddress.ip_address(ip))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost:8080/",
        "http://[::1]:8080/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
def test_no_way_of_writing_it_leads_to_this_machine(address):
    with pytest.raises(NotAllowed, match=r"internal network|not an address"):
        asked(address)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://calendar.example/a.ics", "begins with https"),
        ("file:///etc/passwd", "begins with https"),
        ("javascript://x", "begins with https"),
        ("https://", "names no server"),
        ("http://calendar.example:25/", "port 25"),
        ("https://calendar.example:99999/", "port 99999"),
        ("https://" + "x" * 3000, "too long"),
        ("https://[::1", "not an address"),
        ("https://xn--a.example/\x00", "not an address"),
    ],
)
def test_nonsense_is_answered_in_words(address, words):
    with pytest.raises(NotAllowed, match=words):
        as_url(address)


@pytest.mark.parametrize("typed", ["webcal://c.example/a.ics", "WEBCALS://c.example/a.ics", " c.example/a.ics#x "])
def test_what_people_paste_becomes_an_encrypted_address(typed):
    assert str(as_url(typed)) == "https://c.example/a.ics"


def test_every_address_of_a_name_must_be_outside(monkeypatch, server, settings):
    settings.ALLOWED_INTERNAL_HOSTS = []
    rows = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: rows)

    with pytest.raises(NotAllowed, match="internal network"):
        asked("http://two-faced.example/")


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch, server, settings):
    """A name that is looked up once more could lead elsewhere by then."""
    settings.ALLOWED_INTERNAL_HOSTS = [f"calendar.example:{server.port}"]
    server.replies["/cal.ics"] = Reply(b"hello")
    names, real = [], socket.getaddrinfo

    def once(host, *args, **kwargs):
        if host == "calendar.example":
            names.append(host)
            host = "127.0.0.1" if len(names) == 1 else "10.0.0.1"
        return real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", once)

    assert asked(f"http://calendar.example:{server.port}/cal.ics").body == b"hello"
    assert names == ["calendar.example"]
    assert server.asked[0][2]["Host"] == f"calendar.example:{server.port}"


def test_a_name_that_nobody_knows_is_said_in_words(monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(FetchFailed, match=r"There is no server called “nowhere.example”"):
        asked("https://nowhere.example/a.ics")


def test_a_name_that_is_looked_up_for_ever_does_not_hold_us(monkeypatch):
    gate = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: gate.wait(30) and [])
    began = time.monotonic()
    with pytest.raises(FetchFailed, match="longer than"):
        asked("https://slow.example/a.ics", seconds=0.5)
    gate.set()
    assert time.monotonic() - began < 5


def test_only_the_host_and_the_port_that_were_named_are_allowed_inside(server):
    server.replies["/cal.ics"] = Reply(b"hello")
    assert asked(server.at()).body == b"hello"
    with stranger() as other, pytest.raises(NotAllowed):
        asked(other.at())


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:8080/", "http://[::1]/", "http://10.0.0.1/", "http://2130706433/"]
)
def test_a_redirect_does_not_lead_inside(server, target):
    server.replies["/cal.ics"] = Reply(status=302, headers={"Location": target})
    with pytest.raises(NotAllowed, match="internal network"):
        asked(server.at())
    assert len(server.asked) == 1


@pytest.mark.parametrize("target", ["ftp://x.example/", "file:///etc/passwd", "http://x.example:22/", "http://["])
def test_a_redirect_to_nonsense_is_refused(server, target):
    server.replies["/cal.ics"] = Reply(status=301, headers={"Location": target})
    with pytest.raises(Refused):
        asked(server.at())
    assert len(server.asked) == 1


def test_a_few_redirects_are_followed_and_not_more(server):
    for number in range(7):
        server.replies[f"/{number}"] = Reply(status=307, headers={"Location": f"/{number + 1}"})
    server.replies["/6"] = Reply(b"here")
    assert asked(server.at("/1")).body == b"here"
    with pytest.raises(FetchFailed, match="without end"):
        asked(server.at("/0"))


def test_the_login_stays_where_it_was_given(server, settings):
    with stranger() as other:
        settings.ALLOWED_INTERNAL_HOSTS += [f"127.0.0.1:{other.port}"]
        server.replies["/cal.ics"] = Reply(status=302, headers={"Location": other.at("/x")})
        other.replies["/x"] = Reply(b"elsewhere")
        assert asked(server.at(), login=Login("priya", "app-word")).body == b"elsewhere"
        assert "Authorization" in server.asked[0][2]
        assert "Authorization" not in other.asked[0][2]


def test_no_cookie_and_no_proxy_of_the_environment_is_used(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9/")
    server.replies["/cal.ics"] = Reply(status=302, headers={"Location": "/b", "Set-Cookie": "spy=1; Path=/"})
    server.replies["/b"] = Reply(b"hello")

    asked(server.at())

    assert all("Cookie" not in headers for _method, _path, headers, _content in server.asked)
    assert server.asked[0][2]["User-Agent"].startswith("Commonhall/")


def test_more_than_five_megabytes_are_not_taken_in(server):
    server.replies["/cal.ics"] = Reply(b"x" * (MOST_BYTES + 1))
    with pytest.raises(FetchFailed, match="more than 5 MB"):
        asked(server.at())


def test_a_small_answer_that_unpacks_to_a_large_one_is_not_unpacked(server):
    server.replies["/cal.ics"] = packed(b"x" * 100_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(FetchFailed, match="more than 5 MB"):
            asked(server.at())
        assert tracemalloc.get_traced_memory()[1] < 25_000_000
    finally:
        tracemalloc.stop()


def test_what_is_packed_is_read(server):
    server.replies["/cal.ics"] = packed(b"hello")
    assert asked(server.at()).body == b"hello"


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip, gzip"])
def test_other_packings_are_refused(server, encoding):
    server.replies["/cal.ics"] = Reply(b"xxxx", headers={"Content-Encoding": encoding})
    with pytest.raises(FetchFailed, match=r"cannot read|damaged"):
        asked(server.at())


def dripping(first):
    def drip(handler):
        handler.wfile.write(first)
        for _byte in range(200):
            handler.wfile.write(b"X")
            handler.wfile.flush()
            threading.Event().wait(0.1)

    return drip


@pytest.mark.parametrize("first", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"])
def test_a_server_that_drips_is_left_when_the_time_is_up(server, first):
    server.replies["/cal.ics"] = dripping(first)
    began = time.monotonic()
    with pytest.raises(FetchFailed, match="took longer than"):
        asked(server.at(), seconds=1)
    assert time.monotonic() - began < 4


def test_a_server_that_never_answers_is_left_when_the_time_is_up(server):
    gate = threading.Event()
    server.replies["/cal.ics"] = lambda handler: gate.wait(20) and None
    with pytest.raises(FetchFailed, match="took longer than"):
        asked(server.at(), seconds=0.5)
    gate.set()


@pytest.mark.parametrize("raw", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"])
def test_what_is_no_answer_of_a_web_server_is_said_so(server, raw):
    def reply(handler):
        handler.wfile.write(raw)
        handler.close_connection = True

    server.replies["/cal.ics"] = reply
    with pytest.raises(FetchFailed, match=r"broke off|does not answer"):
        asked(server.at())


def test_nobody_listens(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.ALLOWED_INTERNAL_HOSTS = [f"127.0.0.1:{port}"]
    with pytest.raises(FetchFailed, match="does not answer"):
        asked(f"http://127.0.0.1:{port}/")


@pytest.fixture
def led_here(monkeypatch, settings):
    """`calendar.example` and `other.example` stand on this machine, at any port that is named."""
    real = socket.getaddrinfo

    def look(host, *args, **kwargs):
        return real("127.0.0.1" if str(host).endswith(".example") else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look)
    yield lambda server, host: settings.ALLOWED_INTERNAL_HOSTS.append(f"{host}:{server.port}")
    _certificates.cache_clear()


def test_an_encrypted_server_is_believed_for_its_own_name_alone(tmp_path, monkeypatch, led_here, settings):
    settings.ALLOWED_INTERNAL_HOSTS = []
    file = certificate(tmp_path, "calendar.example")
    with stranger(tls(file)) as server:
        server.replies["/cal.ics"] = Reply(b"hello")
        for host in ("calendar.example", "other.example"):
            led_here(server, host)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        _certificates.cache_clear()
        assert asked(f"https://calendar.example:{server.port}/cal.ics").body == b"hello"
        with pytest.raises(FetchFailed, match=r"“other.example” cannot prove that it is who it says"):
            asked(f"https://other.example:{server.port}/cal.ics")


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path, led_here, settings):
    settings.ALLOWED_INTERNAL_HOSTS = []
    with stranger(tls(certificate(tmp_path, "calendar.example"))) as server:
        led_here(server, "calendar.example")
        with pytest.raises(FetchFailed, match="cannot prove"):
            asked(f"https://calendar.example:{server.port}/cal.ics")
        assert not server.asked


def test_an_encrypted_address_does_not_lead_to_a_plain_one(tmp_path, monkeypatch, led_here, settings):
    settings.ALLOWED_INTERNAL_HOSTS = []
    file = certificate(tmp_path, "calendar.example")
    with stranger(tls(file)) as server:
        led_here(server, "calendar.example")
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        _certificates.cache_clear()
        server.replies["/cal.ics"] = Reply(status=302, headers={"Location": "http://plain.example/cal.ics"})
        with pytest.raises(FetchFailed, match="not encrypted"):
            asked(f"https://calendar.example:{server.port}/cal.ics")


def test_where_the_site_forbids_it_nothing_is_asked(server, settings):
    settings.CONNECT_CALENDARS = False
    with pytest.raises(NotAllowed, match="switched off"):
        asked(server.at())
    assert not server.asked


def test_only_a_few_pages_wait_for_servers_at_once():
    with in_turn(), in_turn(), in_turn(), pytest.raises(FetchFailed, match="Others are"), in_turn():
        pass
    with in_turn():
        pass


def test_secret_addresses_are_not_written_into_the_log(server, caplog):
    caplog.set_level(logging.INFO)
    logging.getLogger().setLevel(logging.DEBUG)
    server.replies["/secret-word.ics"] = Reply(b"hello")
    asked(server.at("/secret-word.ics"))
    assert "secret-word" not in caplog.text


def test_a_password_is_not_shown_where_a_login_is():
    assert "app-word" not in repr(Login("priya", "app-word"))


def test_digest_is_spoken_where_the_server_wants_it(server):
    challenge = 'Digest realm="cal", nonce="abc", qop="auth", algorithm=SHA-256'

    def reply(handler):
        if handler.headers.get("Authorization", "").startswith("Digest "):
            return Reply(b"hello")
        return Reply(status=401, headers={"WWW-Authenticate": challenge})

    server.replies["/cal.ics"] = reply
    assert asked(server.at(), login=Login("priya", "app-word")).body == b"hello"
    assert http.client.responses[asked(server.at()).status] == "Unauthorized"
