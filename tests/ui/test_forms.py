"""What `{{ form }}` renders, and the fields that Django does not have."""

import re
from datetime import date, time

import pytest
from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict

from commonhall.ui import widgets
from commonhall.ui.forms import Picked, PickField, WeeklyHoursField
from commonhall.ui.widgets import Span

HELP = [
    ("Money", [("budgets", "Budgets"), ("grants", "Grants")]),
    ("People", [("teams", "Leading a team")]),
]


class Apply(forms.Form):
    name = forms.CharField(max_length=20, error_messages={"required": "Enter your name"})
    about = forms.CharField(
        label="About you", help_text="A few lines.", max_length=10, widget=forms.Textarea, required=False
    )
    level = forms.ChoiceField(label="Level", choices=[("3", "Officer"), ("4", "Leader")], widget=forms.RadioSelect)
    years = forms.IntegerField(label="Years", max_value=60, required=False)
    start = forms.DateField(label="Start", widget=widgets.Date())
    agree = forms.BooleanField(label="I agree")
    source = forms.CharField(widget=forms.HiddenInput, required=False)

    seen_by = {"about": "your pool"}


def squash(html: object) -> str:
    return " ".join(str(html).split())


def test_an_untouched_form_has_no_error_summary() -> None:
    assert "error-summary" not in str(Apply())


def test_the_error_summary_comes_first_and_links_to_the_first_input_of_each_wrong_field() -> None:
    html = squash(Apply({"level": "9", "years": "70", "about": "x" * 12}))
    assert html.startswith('<div class="error-summary" role="alert" tabindex="-1" data-error-summary>')
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', html)
    assert links == [
        ("id_name", "Enter your name"),
        ("id_about", "“About you” is too long: 10 characters fit, and there are 12."),
        ("id_level_0", "“Level”: choose one of the answers on the page."),
        ("id_years", "“Years” has to be 60 or less."),
        ("id_start", "“Start” is still empty."),
        ("id_agree", "“I agree” is still empty."),
    ]
    assert all(f'id="{target}"' in html for target, _words in links)


def test_errors_of_the_whole_form_are_in_the_summary() -> None:
    form = Apply({})
    form.add_error(None, "The round has closed.")
    form.add_error("source", "The link is broken.")
    assert "<li>The round has closed.</li>" in str(form)
    assert "<li>The link is broken.</li>" in str(form)


def test_an_error_stands_at_its_field_and_is_announced_as_one() -> None:
    html = squash(Apply({})["name"].as_field_group())
    assert '<div class="field field-invalid">' in html
    assert (
        '<span class="field-error" id="id_name_error"><span class="visually-hidden">Error:</span> Enter your name'
        in html
    )
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_error"' in html


def test_label_hint_and_who_sees_it_stand_above_the_input_in_this_order() -> None:
    html = squash(Apply()["about"].as_field_group())
    places = [
        html.index(part)
        for part in ('<label class="field-label"', "(optional)", "A few lines.", "Seen by: your pool", "<textarea")
    ]
    assert places == sorted(places)
    assert 'aria-describedby="id_about_helptext id_about_seen id_about_count"' in html


def test_the_browser_is_not_asked_to_refuse_anything() -> None:
    html = str(Apply())
    assert " required" not in html
    assert "maxlength" not in str(Apply()["about"])
    assert 'data-limit="10"' in str(Apply()["about"])


def test_radios_stand_in_a_fieldset_with_a_legend_and_are_described_together() -> None:
    html = squash(Apply({})["level"].as_field_group())
    assert html.startswith('<fieldset class="field field-invalid" aria-describedby="id_level_error">')
    assert '<legend class="field-label">Level</legend>' in html
    label = html[html.index('<label class="choice" for="id_level_1">') :]
    assert label.index('value="4"') < label.index("Leader") < label.index("</label>")


def test_a_tick_box_is_one_label_and_never_optional() -> None:
    class Consent(forms.Form):
        news = forms.BooleanField(label="Send me news", required=False)

    html = squash(Consent())
    label = html[html.index('<label class="choice" for="id_news">') :]
    assert label.index('<input type="checkbox" name="news" id="id_news">') < label.index("Send me news")
    assert "(optional)" not in html


def test_filters_need_not_say_optional() -> None:
    class Filter(forms.Form):
        mark_optional = False
        q = forms.CharField(required=False)

    assert "(optional)" not in str(Filter())


def test_sections_become_fieldsets_and_nothing_is_lost() -> None:
    class Parted(Apply):
        sections = [("You", ("name", "about")), ("Nobody", ("gone",))]

    html = squash(Parted())
    assert html.count('<fieldset class="form-section">') == 1
    assert "<legend>You</legend>" in html
    assert html.index('name="about"') < html.index("</fieldset>") < html.index('name="years"')
    assert all(f'name="{name}"' in html for name in Parted.base_fields)


def test_numbers_get_the_right_keyboard() -> None:
    assert 'inputmode="numeric"' in str(Apply()["years"])
    assert 'class="form-control width-5"' in str(Apply()["years"])


def test_a_date_is_written_as_the_browser_wants_it() -> None:
    html = str(Apply(initial={"start": date(2026, 3, 9)})["start"])
    assert 'type="date"' in html
    assert 'value="2026-03-09"' in html


def test_a_rule_of_the_rooms_own_keeps_its_own_words() -> None:
    class Coded(forms.Form):
        code = forms.CharField(validators=[RegexValidator(r"^\d+$", "Only digits, please")])
        email = forms.EmailField()

    form = Coded({"code": "x", "email": "x"})
    assert form.errors["code"] == ["Only digits, please"]
    assert form.errors["email"] == ["Enter a valid email address."]


def test_a_percent_sign_in_a_label_is_only_a_percent_sign() -> None:
    class Rate(forms.Form):
        share = forms.IntegerField(label="Share in %", max_value=100)

    assert Rate({"share": "101"}).errors["share"] == ["“Share in %” has to be 100 or less."]
    assert Rate({}).errors["share"] == ["“Share in %” is still empty."]


def test_what_people_typed_comes_back_escaped() -> None:
    html = str(Apply({"name": '"><script>', "about": "</textarea><script>"}))
    assert "<script>" not in html


def test_suggestions_do_not_limit_the_answer() -> None:
    class Town(forms.Form):
        town = forms.CharField(widget=widgets.Suggest(["Leeds", "York"]))

    html = str(Town())
    assert 'list="id_town_suggestions"' in html
    assert '<datalist id="id_town_suggestions"><option value="Leeds"></option>' in html
    assert Town({"town": "Hull"}).is_valid()


def pick(query: str, **options: object) -> forms.Form:
    class Help(forms.Form):
        can = PickField(label="Can help", choices=HELP, synonyms={"budgets": "money, finance"}, **options)

    return Help(QueryDict(query))


@pytest.mark.parametrize(
    ("query", "picked"),
    [
        ("can=budgets&can=teams", Picked(("budgets", "teams"))),
        ("can=budgets&can-other=Leading a team, Welsh, welsh ,, ", Picked(("budgets", "teams"), ("Welsh",))),
        ("can-other=FINANCE", Picked(("budgets",))),
        ("can-other=pension%0Areform", Picked((), ("pension", "reform"))),
        ("", Picked()),
    ],
)
def test_picks_are_known_choices_and_own_words_and_synonyms_become_choices(query: str, picked: Picked) -> None:
    form = pick(query, required=False)
    assert form.is_valid()
    assert form.cleaned_data["can"] == picked


@pytest.mark.parametrize(
    ("query", "options", "words"),
    [
        ("", {}, "“Can help” is still empty."),
        ("can=budgets&can=grants&can-other=x", {"most": 2}, "Choose 2 at most. You have chosen 3."),
        ("can-other=" + "x" * 61, {}, f"“{'x' * 61}” is too long. Use 60 letters or fewer."),
        ("can=forged", {"free": False}, "“forged” is not in the list."),
    ],
)
def test_picks_that_cannot_be_taken_say_why(query: str, options: dict[str, object], words: str) -> None:
    assert pick(query, **options).errors["can"] == [words]


def test_the_picker_shows_what_was_picked_and_what_was_written() -> None:
    html = squash(pick("can=grants&can-other=Welsh, x"))
    assert re.search(r'value="grants" id="id_can_0_1" checked', html)
    assert 'name="can-other" value="Welsh, x"' in html
    assert 'data-words="Budgets money, finance"' in html
    assert html.count("<details") == 2
    assert html.count('<details class="details" open>') == 1


def test_the_picker_knows_whether_anything_changed() -> None:
    field = PickField(choices=HELP)
    assert not field.has_changed(["Welsh", "budgets"], ["budgets", "welsh".title()])
    assert field.has_changed(["budgets"], ["grants"])


def week(**typed: str) -> forms.Form:
    class Week(forms.Form):
        hours = WeeklyHoursField(label="Week", spans=2, required=False)

    return Week({f"hours_{key}": value for key, value in typed.items()})


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ({}, ()),
        ({"0_0_from": "09:00", "0_0_to": "17:00"}, (Span(0, time(9), time(17)),)),
        (
            {"2_0_from": "18:00", "2_0_to": "20:30", "2_1_from": "09:00", "2_1_to": "12:00"},
            (Span(2, time(9), time(12)), Span(2, time(18), time(20, 30))),
        ),
    ],
)
def test_a_week_is_a_list_of_stretches_in_order(typed: dict[str, str], spans: tuple[Span, ...]) -> None:
    form = week(**typed)
    assert form.is_valid()
    assert form.cleaned_data["hours"] == spans


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"0_0_from": "09:00"}, ["Monday: give both a start and an end, or leave both empty."]),
        ({"1_0_from": "17:00", "1_0_to": "09:00"}, ["Tuesday: the end must be later than the start."]),
        ({"1_0_from": "nine", "1_0_to": "17:00"}, ["Tuesday: write times like 09:00."]),
        ({"1_0_from": "25:00", "1_0_to": "26:00"}, ["Tuesday: write times like 09:00."]),
        (
            {"6_0_from": "09:00", "6_0_to": "12:00", "6_1_from": "11:00", "6_1_to": "13:00"},
            ["Sunday: the two stretches overlap."],
        ),
        (
            {"0_0_to": "09:00", "4_0_from": "x", "4_0_to": "y"},
            ["Monday: give both a start and an end, or leave both empty.", "Friday: write times like 09:00."],
        ),
    ],
)
def test_a_week_with_a_slip_names_the_day_and_keeps_what_was_typed(typed: dict[str, str], words: list[str]) -> None:
    form = week(**typed)
    assert form.errors["hours"] == words
    for key, value in typed.items():
        assert f'name="hours_{key}" id="id_hours_{key}" value="{value}"' in str(form)
    assert '<a href="#id_hours_0_0_from">' in str(form)


def test_a_kept_week_stands_in_its_inputs() -> None:
    class Week(forms.Form):
        hours = WeeklyHoursField(spans=2)

    html = str(Week(initial={"hours": [(0, time(13), time(17)), (0, time(9), time(12))]}))
    assert 'id="id_hours_0_0_from" value="09:00"' in html
    assert 'id="id_hours_0_1_to" value="17:00"' in html
    assert 'aria-label="Monday from"' in html
    assert 'aria-label="Monday to (2)"' in html


def test_the_week_knows_whether_anything_changed() -> None:
    field = WeeklyHoursField()
    typed = {(0, 0): ("09:00", "17:00")}
    assert not field.has_changed([(0, time(9), time(17))], typed)
    assert field.has_changed([], typed)
    assert field.has_changed([], {(0, 0): ("09:00", "")})
