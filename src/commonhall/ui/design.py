"""What the design page shows the components with."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest

from commonhall.ui import charts, pages, widgets
from commonhall.ui.forms import PickField, WeeklyHoursField
from commonhall.ui.templatetags.ui import BUILT, built_files

COMPONENTS = Path(__file__).resolve().parent / "templates" / "cotton"

PEOPLE = [
    ("Amara Okafor", "Head of housing, Elmbridge Vale", "Ready", 92),
    ("Bryn Llewellyn", "Planning officer, Dyffryn", "Waiting", 74),
    ("Chiara Lombardi", "Libraries manager, Northshire", "Ready", 61),
]

SKILLS = [
    ("Running a service", [("budgets", "Budgets and forecasting"), ("contracts", "Letting and managing contracts")]),
    ("Working with people", [("teams", "Leading a team"), ("hard-talks", "Difficult conversations")]),
]


class Profile(forms.Form):
    """Every kind of field that pages use."""

    name = forms.CharField(
        label="Your name",
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": "Enter your name"},
    )
    email = forms.EmailField(
        label="Work e-mail",
        help_text="We send the sign-in code here.",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    council = forms.CharField(
        label="Council", required=False, widget=widgets.Suggest(["Northshire", "Elmbridge Vale", "Dyffryn"])
    )
    level = forms.ChoiceField(
        label="Career level",
        choices=[("", "Choose one"), ("3", "Senior officer"), ("4", "Team leader"), ("6", "Head of service")],
    )
    years = forms.IntegerField(label="Years in local government", required=False, min_value=0, max_value=60)
    start = forms.DateField(label="When could you start?", widget=widgets.Date())
    biography = forms.CharField(
        label="About you",
        help_text="What do colleagues ask you about? What would you do differently next time?",
        max_length=600,
        required=False,
        widget=forms.Textarea({"rows": 5}),
    )
    contact = forms.ChoiceField(
        label="How do you like to meet?",
        widget=forms.RadioSelect,
        choices=[("video", "Video call"), ("phone", "Phone"), ("person", "In person, if it is near")],
    )
    languages = forms.MultipleChoiceField(
        label="Languages you can mentor in",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("en", "English"), ("cy", "Welsh"), ("it", "Italian")],
    )
    skills = PickField(
        label="What can you help with?",
        choices=SKILLS,
        synonyms={"budgets": "money, finance, accounts"},
        most=5,
        required=False,
    )
    hours = WeeklyHoursField(label="Your working week", required=False)
    photo = forms.FileField(label="Photo", required=False, help_text="A JPEG or PNG of up to 5 MB.")
    consent = forms.BooleanField(
        label="Mentors in my pool may read this profile", error_messages={"required": "Tick the box to go on"}
    )

    seen_by = {
        "name": "everybody in your pool",
        "email": "you and your coordinator",
        "biography": "mentors and mentees in your pool",
    }
    sections = [
        ("Who you are", ("name", "email", "council", "level", "years", "start")),
        ("What you bring", ("biography", "contact", "languages", "skills", "hours", "photo", "consent")),
    ]


def context(request: HttpRequest) -> dict[str, Any]:
    rows = [f"Row {number}" for number in range(1, 236)]
    filled = {"hours": [(0, time(9), time(17)), (2, time(9), time(13))], "skills": ["budgets", "pension reform"]}
    return {
        "people": PEOPLE,
        "page": pages.page_of(rows, request, per=20),
        "sort": pages.Sort.of(request, {"name": ("name",), "fit": ("fit",)}, "name"),
        "form": Profile(initial=filled, auto_id="plain_%s"),
        "wrong": Profile(wrong_answers()),
        "moment": datetime(2026, 3, 3, 14, 0, tzinfo=UTC),
        "refusal": Refusal(),
        "component_names": list(component_names()),
        "icons": list(icon_names()),
        "bars": charts.bars(
            "Places taken, by council",
            [("Northshire", 18), ("Elmbridge Vale", 11), ("Dyffryn", 6, "watch"), ("Port Sable", 0, "act")],
            most=20,
            heads=("Council", "Places"),
        ),
        "strip": charts.strip(
            "How well the pairs fit",
            [44, 52, 58, 61, 61, 63, 66, 66, 70, 71, 74, 74, 78, 83, 91],
            low=0,
            high=100,
            heads=("Measure", "Fit"),
        ),
        "spark": charts.sparkline([3, 4, 4, 6, 5, 8, 9], "Meetings a week, from 3 to 9"),
    }


def wrong_answers() -> dict[str, Any]:
    return {
        "email": "amara",
        "biography": "x" * 620,
        "hours_0_0_from": "17:00",
        "hours_0_0_to": "09:00",
        "contact": "pigeon",
    }


class Refusal:
    """A rule's no, as a button meets it."""

    reason = "Both sides have to sign the agreement first."

    def __bool__(self) -> bool:
        return False


def component_names() -> Iterator[str]:
    for file in sorted(COMPONENTS.glob("*.html")):
        yield file.stem.replace("_", "-")


def icon_names() -> Iterator[str]:
    sprite = BUILT.parent / built_files()["icons.svg"]
    yield from re.findall(r'<symbol id="([^"]+)"', sprite.read_text())
