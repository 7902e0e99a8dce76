import re
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from commonhall.jobs import actions
from commonhall.operations import alone, certificates, doctor, records
from tests.house.tree import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path):
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"


@pytest.fixture
def said(capsys):
    """What the doctor says, whether all is well or not."""

    def ask():
        try:
            doctor.doctor(None)
        except doctor.Ill as ill:
            return f"{capsys.readouterr().out}{ill}"
        return capsys.readouterr().out

    return ask


@pytest.fixture
def running():
    actions.renew({"w": "worker", "c": "clock"})


def test_the_doctor_says_what_is_well(running, said, settings):
    settings.MAIL_BACKEND = doctor.CONSOLE_MAIL
    words = said()
    for expected in (
        "Tables: up to date",
        "Worker: Running",
        "Time: The clocks of this machine and of the database agree.",
        "MAIL_URL is not set",
        "GB are free.",
        "can be written",
        "Certificate: none looked for",
    ):
        assert expected in words
    assert "attention" not in words


def test_the_doctor_names_what_is_ill_and_fails(capsys, settings):
    settings.MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.BASE_URL = "http://mentoring.example.org"
    settings.SECURE = False
    with pytest.raises(doctor.Ill, match="want attention"):
        doctor.doctor(None)
    said = capsys.readouterr().out
    assert " ! Worker: No worker is running" in said
    assert " ! Mail: 127.0.0.1:1 does not answer" in said
    assert " ! BASE_URL begins with http://" in said


def test_the_address_is_the_one_that_is_served(said, settings, monkeypatch):
    monkeypatch.delenv("BASE_URL", raising=False)
    settings.BASE_URL = "http://localhost:8099"
    records.note_address()
    settings.BASE_URL = "http://localhost:8000"
    assert "Address: http://localhost:8000 unless `commonhall up --port` or BASE_URL says otherwise" in said()
    with alone.serving(exclusive=True, otherwise=""):
        assert "Address: http://localhost:8099, served now" in said()
        monkeypatch.setenv("BASE_URL", "https://mentoring.example.org")
        settings.BASE_URL = "https://mentoring.example.org"
        assert " ! Address: served as http://localhost:8099, but BASE_URL is https://mentoring.example.org" in said()
    assert "does not run on this data directory now" in said()


def test_settings_are_named_and_their_secrets_are_not(said, monkeypatch):
    monkeypatch.setenv("MAIL_URL", "smtp://me:hush@mail.example:25")
    words = said()
    assert "MAIL_URL" in words
    assert "hush" not in words


def test_every_documented_variable_is_looked_for():
    page = (ROOT / "docs" / "reference" / "configuration.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE)) == set(doctor.VARIABLES)


def test_a_key_that_others_can_read_is_named(said, tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    key = tmp_path / "secret_key"
    key.write_text("x")
    key.chmod(0o600)
    assert "chmod" not in said()
    key.chmod(0o644)
    assert f" ! Others on this machine can read {key}: chmod 600 it." in said()


def test_files_that_cannot_be_written_are_named(said, tmp_path):
    (tmp_path / "files").write_text("not a folder")
    assert " ! Files: " in said()


def test_a_backup_that_grew_old_is_named(said, tmp_path):
    (tmp_path / "last_backup").write_text((datetime.now(UTC) - timedelta(days=9)).isoformat())
    assert " ! Backup: The last backup is 9 days old." in said()


def made_out(tmp_path, *, days):
    """A certificate for localhost, signed by itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, *plain) + certificate.public_bytes(serialization.Encoding.PEM)
    (tmp_path / "both.pem").write_bytes(pem)
    return tmp_path / "both.pem"


@contextmanager
def server_with(pem):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet():
            with suppress(OSError):
                context.wrap_socket(listener.accept()[0], server_side=True).close()

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield f"https://localhost:{listener.getsockname()[1]}"
        thread.join(10)


@pytest.mark.parametrize(
    ("days", "trusted", "well", "words"),
    [
        (90, True, True, "good for 90 days"),
        (5, True, False, "good for 5 days"),
        (-2, True, False, "a browser would refuse that of localhost (certificate has expired)"),
        (90, False, False, "a browser would refuse that of localhost (self-signed certificate)"),
    ],
)
def test_the_certificate_is_one_that_a_browser_takes(tmp_path, monkeypatch, days, trusted, well, words):
    pem = made_out(tmp_path, days=days)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with server_with(pem) as address:
        found = certificates.finding(address)
    assert found[0] is well
    assert words in found[1]


def test_an_address_that_does_not_answer_from_here_is_no_fault_of_the_certificate():
    assert certificates.finding("https://localhost:1") == (
        None,
        "Certificate: localhost:1 does not answer from this machine (Connection refused)",
    )
