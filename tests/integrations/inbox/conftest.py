"""An inbox with one kind of address, `t`, whose letters are laid on a pile."""

from email.message import EmailMessage

import pytest

from commonhall.core.errors import Refused
from commonhall.integrations.inbox import addresses, handlers
from tests.factories.accounts import UserFactory

ADDRESS = "meet@council.example"


@pytest.fixture(autouse=True)
def inbox(settings):
    settings.INBOX_ADDRESS = ADDRESS
    return addresses.address("t", 7, 1295)


@pytest.fixture
def pile():
    """What the handler was given; it writes a row, and refuses what is called “No”."""
    before, taken = dict(handlers._table), []

    def take(letter, numbers):
        subject = str(letter.message["Subject"])
        UserFactory(name=subject, email=f"row{len(taken)}@somewhere.example")
        taken.append((subject, numbers))
        if subject == "No":
            raise Refused("This cannot be done.")
        if subject == "Stumble":
            raise LookupError("a mistake of ours")

    handlers.install({"t": take})
    yield taken
    handlers.install(before)


def letter(to, subject="Yes", sender="priya@lakeside.example", **headers):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Message-ID"] = headers.pop("identity", f"<{subject}@mail.example>")
    for name, value in headers.items():
        made[name] = value
    made.set_content("Hello")
    return made
