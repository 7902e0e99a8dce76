"""The colours of text against what they stand on, measured as WCAG 2.2 does."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).resolve().parents[2] / "assets" / "styles"
TOKENS = dict(re.findall(r"^\$([\w-]+): (#[0-9a-f]{6});", (STYLES / "_tokens.scss").read_text(), re.MULTILINE))

TEXT = [
    *[
        ("ink", ground)
        for ground in ("ground", "surface", "teal-tint", "amber-tint", "red-tint", "green-tint", "amber")
    ],
    *[("muted", ground) for ground in ("ground", "surface", "teal-tint")],
    *[("teal", ground) for ground in ("ground", "surface", "teal-tint")],
    *[("red", ground) for ground in ("ground", "surface", "red-tint")],
    ("teal-dark", "teal-tint"),
    ("amber-ink", "amber-tint"),
    ("green-ink", "green-tint"),
    ("surface", "teal"),
    ("surface", "red"),
    ("surface", "green"),
    ("ink", "focus"),
]


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_right() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(TOKENS[text], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize("ground", ["ground", "surface"])
def test_the_edge_of_an_input_can_be_seen(ground: str) -> None:
    assert contrast(TOKENS["line-strong"], TOKENS[ground]) >= 3


def test_initials_can_be_read_on_every_colour_of_portrait() -> None:
    rules = re.findall(
        r"\.avatar-\d \{ background: (#\w{6}); color: (#\w{6});", (STYLES / "_components.scss").read_text()
    )
    assert len(rules) == 5
    assert all(contrast(*pair) >= 4.5 for pair in rules)
