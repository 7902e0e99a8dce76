"""Rooms elsewhere: an address with gaps for the names of the meeting and the pair. It knows no database.

A name is what only the key of this installation can make of a number: the same every time, and not to be guessed.
"""

import base64
import re
from urllib.parse import SplitResult, parse_qsl, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

LONGEST = 300
GAP = re.compile(r"\{([^{}]*)\}")
KNOWN = ("meeting", "pair")
SECRETS = {
    "token",
    "secret",
    "password",
    "passwd",
    "passcode",
    "pass",
    "key",
    "apikey",
    "api_key",
    "jwt",
    "access_token",
}
SHARED_SECRETS = SECRETS | {"pwd", "pw", "pin"}


def name(kind: str, key: int) -> str:
    """The name of a meeting or a pair in addresses: 24 letters and digits that carry 120 bits."""
    digest = salted_hmac(f"commonhall.rooms.{kind}", str(key), algorithm="sha256").digest()
    return base64.b32encode(digest[:15]).decode().lower()


def filled(template: str, *, meeting: int, pair: int) -> str:
    names = {"meeting": name("meeting", meeting), "pair": name("pair", pair)}
    return GAP.sub(lambda found: names.get(found[1], found[0]), template)


def example(template: str) -> str:
    """As it may look; no meeting and no pair has these names."""
    return filled(template, meeting=-1, pair=-1)


def check(template: str, *, shared: bool) -> None:
    """Raise what is wrong with an address, in words; `shared` when more than one pair would use it."""
    if not template.startswith("https://"):
        raise ValidationError(_("The address has to begin with https://."))
    _check_gaps(template)
    parts = _parts(template)
    if GAP.search(parts.netloc):
        raise ValidationError(
            _("The name of the server comes first and stays the same: put {meeting} or {pair} after it.")
        )
    if "@" in parts.netloc:
        raise ValidationError(_("Leave out user name and password: everybody who gets the link would read them."))
    if word := _secret(parts.query, parts.fragment, SHARED_SECRETS if shared else SECRETS):
        raise ValidationError(
            _("“%(word)s” looks like a secret. Everybody who gets the link would read it, so leave it out."),
            params={"word": word},
        )
    if shared and not GAP.search(template):
        raise ValidationError(
            _("Every pair would meet in the same room. Put {meeting} or {pair} where the room’s name stands.")
        )


def _check_gaps(template: str) -> None:
    for word in GAP.findall(template):
        if word not in KNOWN:
            raise ValidationError(
                _("We do not know {%(word)s}. Only {meeting} and {pair} are filled in."), params={"word": word}
            )
    if "{" in (rest := GAP.sub("", template)) or "}" in rest:
        raise ValidationError(_("A bracket is missing: write {meeting} or {pair}."))
    link = example(template)
    if len(link) > LONGEST:
        raise ValidationError(_("The link would be longer than %(most)d characters."), params={"most": LONGEST})
    try:
        URLValidator(schemes=["https"])(link)
    except ValidationError:
        raise ValidationError(
            _("This is not a whole address. Write one like https://meet.example.org/{pair}.")
        ) from None


def _parts(template: str) -> SplitResult:
    try:
        return urlsplit(template)
    except ValueError:
        raise ValidationError(
            _("This is not a whole address. Write one like https://meet.example.org/{pair}.")
        ) from None


def _secret(query: str, fragment: str, words: set[str]) -> str:
    given = [*parse_qsl(query, keep_blank_values=True), *parse_qsl(fragment, keep_blank_values=True)]
    return next((word for word, _value in given if word.lower().removeprefix("config.") in words), "")


def host(link: str) -> str:
    """The server of a link, as it stands in a policy: a name, with its port where there is one; empty for none."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme == "https" and "@" not in parts.netloc else ""
