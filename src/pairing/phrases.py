"""Short English for keys and numbers, shared by refusals and by `words`."""

from pairing.types import NOT_POSSIBLE

_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]

# Each fits after 'but' and after 'because'.
OBSTACLES = {
    "same_person": "they are the same person",
    "reporting_line": "one of them manages the other",
    "forbidden_by_coordinator": "the coordinator has ruled this pair out",
    "organisation_rule": "their organisations' rules do not let them be paired",
    "same_organisation": "they work in the same organisation",
    "no_common_language": "they have no language in common",
    "no_shared_hours": "they share too few working hours",
    "seniority": "the levels are too close or too far apart",
    "capacity": "one of them has no place to give or asks for none",
    "decided": "the coordinator's locks or the round's quotas leave no room for it",
    NOT_POSSIBLE: "this pair is not possible",
}


def number(value: int) -> str:
    """Words up to twelve, digits from there on."""
    return _NUMBERS[value] if 0 <= value < len(_NUMBERS) else str(value)


def counted(value: int, noun: str) -> str:
    """'one place', 'three places', 'no places'."""
    return f"{number(value)} {noun}" if value == 1 else f"{number(value)} {noun}s"


def listed(items: list[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)
