import pytest

from commonhall.integrations.inbox import addresses


def test_an_address_opens_to_what_it_was_made_of(inbox):
    assert inbox.startswith("meet+t7-zz-")
    assert inbox.endswith("@council.example")
    assert addresses.opened(inbox) == ("t", (7, 1295))


def test_it_survives_capitals_a_name_and_angle_brackets(inbox):
    assert addresses.opened(f"Commonhall <{inbox.upper()}>") == ("t", (7, 1295))


def test_the_largest_numbers_fit_into_what_mail_allows():
    made = addresses.address("m", 2**31, 2**31)
    assert len(made.partition("@")[0]) <= addresses.LONGEST_LOCAL


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: one.replace("t7", "t8"),
        lambda one: one.replace("-zz-", "-zy-"),
        lambda one: one.replace("+t", "+m"),
        lambda one: one.replace("council", "other"),
        lambda one: one.replace("meet+", "other+"),
        lambda one: one.replace("@", "a@"),
        lambda one: "meet@council.example",
        lambda one: "meet+@council.example",
        lambda one: "meet+t@council.example",
        lambda one: "",
        lambda one: "\x00",
    ],
)
def test_nothing_else_opens(inbox, spoil):
    assert addresses.opened(spoil(inbox)) is None


def test_a_former_key_still_opens_and_no_key_of_others_does(inbox, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
        [settings.SECRET_KEY],
        "new-key-of-forty-letters-or-a-few-more-0",
    )
    assert addresses.opened(inbox) == ("t", (7, 1295))
    assert addresses.address("t", 7, 1295) != inbox
    settings.SECRET_KEY_FALLBACKS = []
    assert addresses.opened(inbox) is None


def test_without_an_inbox_there_are_no_addresses(inbox, settings):
    settings.INBOX_ADDRESS = ""
    assert addresses.address("t", 7) == ""
    assert addresses.opened(inbox) is None
