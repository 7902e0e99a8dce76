"""E-mail addresses as they stand in cells: wrapped, doubled, broken, or not what they seem."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from commonhall.core.sheets.problems import ERROR, WARNING
from commonhall.core.sheets.words import plain
from commonhall.programmes.imports.hygiene import script_of

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
_VALID = re.compile(rf"^{_LOCAL}@{_DOMAIN}$")
_INSIDE = re.compile(r"[^\s<>()\[\],;:\"|]+@[^\s<>()\[\],;:\"|]+")
_WRITTEN_AT = re.compile(r"\s*(?:\(at\)|\[at\]|\{at\}|\s+at\s+|\s+@\s*|\s*@\s+)\s*", re.I)
_WRITTEN_DOT = re.compile(r"\s*(?:\(dot\)|\[dot\]|\s+dot\s+)\s*", re.I)
_NO_ADDRESS = frozenset({"anonymous", "none", "n a", "na", "unknown", "no", "tbc", "not known", "no email", "null"})
_LIKE_SCRIPTS = frozenset({"CYRILLIC", "GREEK", "FULLWIDTH", "ARMENIAN", "CHEROKEE", "MATHEMATICAL"})
_LIKE_LETTERS = frozenset("ıɡɑʟƅ")
_LIKE_LATIN = str.maketrans(
    "аеорсухіјѕһԁԛԝьАВЕКМНОРСТХЅІЈαορνικτυχγεΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɡɑʟƅ’‘",
    "aeopcyxijshdqwbABEKMHOPCTXSIJaopviktuxyeABEZHIKMNOPTYXigalb''",
)


@dataclass(frozen=True, slots=True)
class Address:
    """The address in small letters, "" if there is none to be had; and what was odd: code, severity, values."""

    email: str
    code: str = ""
    severity: str = ERROR
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def is_missing(self) -> bool:
        return not self.email and not self.code


def is_valid(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(at) and len(local) <= 64 and len(text) <= 254 and _VALID.match(text) is not None and ".." not in domain


def read(text: str, name: str = "") -> Address:
    """The one address in a cell; `name` is the person's, to tell whose address is wrapped in a name."""
    shown = " ".join(text.split())
    bare = shown.removeprefix("mailto:").strip(" \u00a0.;,<>\"'")
    if is_valid(bare):
        wrapped = bare != shown.strip(" \u00a0.;,")
        return Address(bare.casefold(), *(("email_wrapped", WARNING, {"read": bare.casefold()}) if wrapped else ()))
    if not bare or plain(bare) in _NO_ADDRESS or not any(letter.isalnum() for letter in bare):
        return Address("")
    seen = "".join(letter for letter in bare if unicodedata.category(letter) not in {"Cf", "Cc"})
    if seen != bare and is_valid(seen):
        return Address(seen.casefold(), "email_invisible", WARNING, {"read": seen.casefold()})
    return _not_plain(seen, shown, name)


def _not_plain(seen: str, shown: str, name: str) -> Address:
    if not seen.isascii() and (address := _other_alphabet(seen)):
        return address
    inside = list(dict.fromkeys(found.strip(".'") for found in _INSIDE.findall(seen)))
    valid = [found.casefold() for found in inside if is_valid(found)]
    if len(set(valid)) > 1:
        return Address("", "email_several", ERROR, {"value": ", ".join(valid[:3])})
    if len(valid) == 1 and len(inside) == 1:
        return _wrapped(valid[0], seen, shown, name)
    nearly = _WRITTEN_DOT.sub(".", _WRITTEN_AT.sub("@", seen))
    nearly = re.sub(r"\s*([.@])\s*", r"\1", nearly.replace(",", ".").replace("@@", "@")).strip(".")
    if is_valid(nearly):
        return Address("", "email_nearly", ERROR, {"value": shown[:80], "read": nearly.casefold()})
    return Address("", "email_invalid", ERROR, {"value": shown[:80]})


def _wrapped(email: str, seen: str, shown: str, name: str) -> Address:
    """A name that is written round the address must be the person's own."""
    around = {word for word in plain(re.sub(r"\S+@\S+", " ", seen)).split() if len(word) > 2 and word not in _AROUND}
    if name and around and not around & set(plain(name).split()):
        return Address("", "email_of_another", ERROR, {"value": shown[:80]})
    return Address(email, "email_wrapped", WARNING, {"read": email})


_AROUND = frozenset(
    {"email", "mail", "work", "home", "mailto", "http", "address", "the", "office", "council", "please", "use"}
)


def _other_alphabet(seen: str) -> Address | None:
    letters = [letter for letter in seen if not letter.isascii() and letter.isalpha()]
    strange = [letter for letter in letters if script_of(letter) in _LIKE_SCRIPTS or letter in _LIKE_LETTERS]
    latin = unicodedata.normalize("NFKC", seen).translate(_LIKE_LATIN)
    if strange and is_valid(latin):
        return Address("", "email_lookalike", ERROR, {"letter": strange[0], "read": latin.casefold()})
    local, _at, domain = seen.rpartition("@")
    try:
        encoded = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return None
    if not strange and local.isascii() and is_valid(encoded):
        return Address(encoded.casefold())
    return (
        Address("", "email_nearly", ERROR, {"value": seen[:80], "read": latin.casefold()}) if is_valid(latin) else None
    )
