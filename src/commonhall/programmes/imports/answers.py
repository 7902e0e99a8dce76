"""Short answers, as people give them: yes and no, mentor or mentee, how many, nothing to say."""

import re
from functools import lru_cache

from commonhall.core.sheets import numbers
from commonhall.core.sheets.words import plain

MENTOR, MENTEE = "mentor", "mentee"

_NOTHING_TEXT = (
    "all fine, anyone is fine, dont mind, n a, n k, na, nil, no, no comment, no conflict, no conflicts, no "
    "issues, no nobody, no none, no not really, no objections, no one, no one in particular, no preference, no "
    "restrictions, no thank you, no thanks, nobody, nobody in particular, none, none at present, none known, none "
    "that i am aware of, none that i know of, noone, nope, not applicable, not at present, not at the moment, not "
    "aware of any, not currently, not known, not really, not that i know of, not yet, nothing, nothing to "
    "declare, null, tbc, unknown, x"
)
_NOTHING = frozenset(_NOTHING_TEXT.split(", "))
_YES = re.compile(
    r"^(yes|y|true|1|ok|okay|agreed?|i agree|i do|confirmed|i confirm|accepted|ticked|x|given|signed)\b", re.I
)
_NO = re.compile(r"^(no|n|false|0|not|never|i do not|i dont|disagree|refused|declined?)\b", re.I)
_LATER = re.compile(
    r"^(maybe|not yet|perhaps|later|possibly|not at the moment|in (the )?future|not now|unsure|not sure|next)", re.I
)

_ROLE_WORDS = {
    "mentor": {MENTOR},
    "mentors": {MENTOR},
    "coach": {MENTOR},
    "be a mentor": {MENTOR},
    "offering mentoring": {MENTOR},
    "offer": {MENTOR},
    "giver": {MENTOR},
    "mentee": {MENTEE},
    "mentees": {MENTEE},
    "mentoree": {MENTEE},
    "menti": {MENTEE},
    "protege": {MENTEE},
    "learner": {MENTEE},
    "be mentored": {MENTEE},
    "be a mentee": {MENTEE},
    "seeking a mentor": {MENTEE},
    "looking for a mentor": {MENTEE},
    "need a mentor": {MENTEE},
    "want a mentor": {MENTEE},
    "both": {MENTOR, MENTEE},
    "either": {MENTOR, MENTEE},
    "mentor and mentee": {MENTOR, MENTEE},
    "mentee and mentor": {MENTOR, MENTEE},
    "both mentor and mentee": {MENTOR, MENTEE},
    "both mentee and mentor": {MENTOR, MENTEE},
}
_LEAD = re.compile(
    r"^(i )?(would like to|want to|wish to|am|will|to|as|a|an|new|experienced|be|being|potential|prospective) "
)


def is_nothing(text: str) -> bool:
    """ "No", "n/a", "-", "None at present": somebody had nothing to say here."""
    return not any(letter.isalnum() for letter in text) or plain(text) in _NOTHING


def yes_or_no(text: str) -> bool | None:
    text = text.strip()
    if _YES.match(text):
        return True
    return False if _NO.match(text) else None


def willing(text: str) -> str:
    """ "yes", "later" or "no" to a question such as “Would you also be a mentor?”."""
    text = text.strip()
    if _LATER.match(text):
        return "later"
    return "yes" if yes_or_no(text) else "no"


def after_yes(text: str) -> str:
    """What follows the yes: "Yes. Writing bids." says "Writing bids."; a longer answer without a yes says itself."""
    match = re.match(r"^\s*yes\b[\s.,;:!–—-]*(please\b[\s.,;:!–—-]*)?", text, re.I)
    return text[match.end() :].strip() if match else ""


@lru_cache(maxsize=2048)
def role(text: str) -> frozenset[str] | None:
    """Mentor, mentee or both; None for words that say neither."""
    words = plain(text)
    found = _ROLE_WORDS.get(words)
    stripped = words
    while found is None and (match := _LEAD.match(stripped)):
        stripped = stripped[match.end() :]
        found = _ROLE_WORDS.get(stripped)
    if found is None:
        parts = [plain(part) for part in re.split(r"[,;/+&|\n]|\band\b|\bor\b", text)]
        known = [_ROLE_WORDS[part] for part in parts if part in _ROLE_WORDS]
        found = set().union(*known) if known and len(known) == len([part for part in parts if part]) else None
    return frozenset(found) if found else None


def capacity(text: str) -> tuple[int | None, str]:
    """How many, and what is odd: words, range, not_whole, not_a_number; the number is None if nothing can be said."""
    number = numbers.parse(text)
    if number is not None:
        return (int(number), "") if number.is_integer() else (None, "not_whole")
    inside = numbers.inside(text)
    if inside and all(value.is_integer() for value in inside):
        return int(max(inside)), "range" if len(inside) > 1 else "words"
    if inside:
        return None, "not_whole"
    spelt = numbers.in_words(text)
    return (spelt, "words") if spelt is not None else (None, "not_a_number")


def years(text: str) -> tuple[float | None, bool]:
    """Years, and whether the answer was a plain number: "c. 9" is 9 and was not; "a long time!" is nothing."""
    number = numbers.parse(text)
    if number is not None:
        return number, True
    inside = numbers.inside(text)
    return (inside[0] if inside and inside[0] <= 70 else None), False
