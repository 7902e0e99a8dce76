"""Selects and pickers are drawn without a template for each choice, exactly as Django would."""

import pytest
from django import forms
from django.utils.translation import gettext_lazy

from commonhall.ui.forms import PickField
from commonhall.ui.widgets import drawn_select

CHOICES = [("", gettext_lazy("Choose one")), ("a&b", 'A "fine" <room>'), (3, "Three"), ("Halls", [("x", "X"), (4, 4)])]


class Room(forms.Form):
    kind = forms.ChoiceField(choices=CHOICES, help_text="Which one?")
    doors = forms.TypedChoiceField(choices=[(1, "One"), (2, "Two")], coerce=int, initial=2)


@pytest.mark.parametrize("value", ["", None, "a&b", 3, "3", "x", 4, "unknown"])
def test_a_select_is_drawn_as_django_draws_it(value: object) -> None:
    widget = forms.Select({"class": "wide", "hidden": False}, choices=CHOICES)
    ours = drawn_select(widget, "kind", value, {"id": "id_kind"})
    theirs = widget.render("kind", value, {"id": "id_kind"}, renderer=forms.renderers.DjangoTemplates())
    assert squeezed(ours) == squeezed(theirs)


def squeezed(html: str) -> str:
    return "".join(part.strip() for part in html.replace(">", ">\n").replace("<", "\n<").splitlines())


def test_a_select_in_a_form_keeps_what_was_sent_and_its_hint() -> None:
    html = str(Room({"kind": "4", "doors": "1"})["kind"])
    assert '<option value="4" selected>4</option>' in html
    assert html.count(" selected") == 1
    assert 'id="id_kind"' in html
    assert 'aria-describedby="id_kind_helptext"' in html
    assert '<option value="2" selected>' in str(Room()["doors"])


def test_a_picker_ticks_what_is_chosen_and_says_how_many_in_each_group() -> None:
    groups = [("Skills", [("money", "Budgets & money"), ("law", "Law")]), ("alone", "Alone")]
    field = PickField(choices=groups, synonyms={"money": "finance, pounds"}, required=False)
    form = type("Wishes", (forms.Form,), {"wishes": field})({"wishes": ["money", "alone", "Gardening"]})
    html = str(form["wishes"])
    assert 'data-words="Budgets &amp; money finance, pounds"' in html
    assert 'value="money" id="id_wishes_0_0" checked data-name="Budgets &amp; money"' in html
    assert 'value="law" id="id_wishes_0_1" data-name="Law"' in html
    assert 'value="alone" id="id_wishes_1" checked' in html
    assert '<details class="details" open>' in html
    assert '<span class="count">1</span>' in html
    assert 'value="Gardening"' in html
