"""The markup and states of each component, as a page writes it."""

from datetime import UTC, datetime

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from commonhall.core.verdicts import YES, no
from commonhall.ui import charts, design, pages
from commonhall.ui.templatetags.ui import built_files, initials, tone

MOMENT = datetime(2026, 7, 3, 14, 0, tzinfo=UTC)


def show(source: str, address: str = "/", **context: object) -> str:
    """Renders a piece of a page; the cotton loader compiles components only from files, so compile here."""
    request = RequestFactory().get(address)
    template = engines["django"].from_string(CottonCompiler().process(source))
    return " ".join(template.render(context, request).split())


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("<c-button>Save</c-button>", ['<button type="submit" class="btn btn-primary"', "Save</button>"]),
        ('<c-button kind="quiet" :small="True">Skip</c-button>', ['class="btn btn-quiet btn-small"']),
        ("<c-button disabled>Save</c-button>", [" disabled>Save"]),
        ('<c-link-button href="/x/">Go</c-link-button>', ['<a href="/x/" class="btn btn-secondary"', "Go</a>"]),
        (
            '<c-page-head title="People" lead="All of them" eyebrow="Pool">more</c-page-head>',
            ["<h1>People</h1>", "All of them", 'class="eyebrow">Pool', '<div class="acts">more</div>'],
        ),
        (
            '<c-hero title="Take part" lead="Eight months.">go</c-hero>',
            [">Take part</h1>", '<p class="lead">Eight months.</p><div class="acts">go</div>', 'aria-hidden="true"'],
        ),
        (
            '<c-breadcrumbs><c-crumb href="/">Home</c-crumb><c-crumb>Here</c-crumb></c-breadcrumbs>',
            [
                '<nav class="breadcrumbs" aria-label="Breadcrumbs"><ol>',
                '<a href="/">Home</a>',
                '<span aria-current="page">Here',
            ],
        ),
        (
            '<c-card title="Round" href="/r/" level="3" kind="strong">x<c-slot name="foot">foot</c-slot></c-card>',
            [
                'class="card card-strong"',
                '<h3 class="card-title"><a class="stretched-link" href="/r/">Round</a></h3>',
                "foot</div>",
            ],
        ),
        (
            '<c-stat label="Met" figure="4" of="9" tone="act" note="late" />',
            ["stat-act", '<p class="stat-label">Met</p>', "of 9", '<p class="stat-note">late</p>'],
        ),
        ('<c-tag tone="good">Open</c-tag>', ['<span class="tag tag-good">Open</span>']),
        ("<c-tag>Open</c-tag>", ['<span class="tag">Open</span>']),
        (
            '<c-empty title="None" level="3">Add one.<c-slot name="action"><b>go</b></c-slot></c-empty>',
            ["<h3>None</h3>", "<p>Add one.", '<div class="acts"><b>go</b></div>'],
        ),
        (
            '<c-tabs label="Parts"><c-tab href="/a/" :active="True" count="3">A</c-tab></c-tabs>',
            ['aria-label="Parts"', '<a href="/a/" aria-current="page">A <span class="count">3</span>'],
        ),
        ('<c-tab href="/a/" count="0">A</c-tab>', ['<span class="count">0</span>']),
        ('<c-tab href="/a/">A</c-tab>', ['<a href="/a/">A</a>']),
        (
            '<c-summary-item term="Name" change="/e/" seen_by="the pool">Ada</c-summary-item>',
            ["<dt>Name</dt><dd>Ada", 'Change<span class="visually-hidden"> Name</span>', "Seen by: the pool"],
        ),
        (
            '<c-details summary="Why?" :open="True">So.</c-details>',
            ['<details class="details" open', "Why?</summary>", "So."],
        ),
        ('<c-details summary="Why?">So.</c-details>', ['<details class="details" >']),
        (
            '<c-notice kind="warning" title="Look">here</c-notice>',
            ["notice-warning", '<h2 class="notice-title">Look</h2>here'],
        ),
        (
            '<c-steps label="Dates"><c-step name="Apply" state="done" number="1" /></c-steps>',
            ['<ol class="steps" aria-label="Dates">', 'class="step-done"', "(done)"],
        ),
        ('<c-step name="Match" state="now" number="2" />', ['class="step-now" aria-current="step"', ">2</span>"]),
        (
            '<c-progress label="Profile" value="7" max="11" />',
            ['<progress value="7" max="11" aria-label="Profile">', "7 of 11"],
        ),
        (
            '<c-meter label="Fit" value="61" tone="watch" />',
            ["meter-watch", '<progress value="61" max="100" aria-label="Fit">', ">61<"],
        ),
        ('<c-avatar name="Ada Lovelace" />', ['aria-hidden="true">AL</span>']),
        ('<c-avatar name="Ada" photo="/p.jpg" size="large" />', ["avatar-large", '<img src="/p.jpg" alt=""']),
        (
            '<c-person name="Ada Byron" href="/ada/" line="Clerk" />',
            ['<a href="/ada/">Ada Byron</a>', "Clerk", "AB</span>"],
        ),
        ('<c-seen-by by="your mentor" :private="True" />', ["seen-by-private", "Seen by: your mentor"]),
        (
            '<c-workspace label="Facts">main<c-slot name="side">beside</c-slot></c-workspace>',
            ['<div class="workspace-main">main', '<aside class="workspace-side" aria-label="Facts">beside</aside>'],
        ),
        (
            '<c-filters count="2" clear="/all/">x</c-filters>',
            ['<span class="count">2</span>', '<form method="get"', 'href="/all/">Clear', "<details", " open>"],
        ),
        ("<c-filters>x</c-filters>", ["Filters</summary>"]),
        ('<c-toolbar>find<c-slot name="end">go</c-slot></c-toolbar>', ['<div class="toolbar-end">go</div>']),
        (
            '<c-action-menu label="More"><c-action-item href="/e/">Edit</c-action-item>'
            '<c-action-item url="/d/">Drop</c-action-item></c-action-menu>',
            ["data-menu", '<a href="/e/">Edit</a>', '<form method="post" action="/d/">', "csrfmiddlewaretoken"],
        ),
        (
            '<c-copy-field id="link" label="Link" value="/j/" />',
            ['<label class="field-label" for="link">Link', 'readonly value="/j/"', 'data-copy="link"', 'role="status"'],
        ),
        (
            '<c-timeline><c-timeline-item :at="moment" by="Ada">Met</c-timeline-item></c-timeline>',
            [
                '<ol class="timeline"',
                "Met</div>",
                '<time datetime="2026-07-03T15:00:00+01:00">Fri 3 Jul 2026, 15:00</time> · Ada',
            ],
        ),
        ('<c-when :at="moment" kind="zoned" />', ["Friday 3 July 2026, 15:00 BST"]),
    ],
)
def test_component_says(source: str, parts: list[str]) -> None:
    html = show(source, moment=MOMENT)
    for part in parts:
        assert part in html


def test_a_component_never_lets_text_become_markup() -> None:
    html = show('<c-person :name="name" :line="name" /><c-card :title="name"></c-card>', name="<script>x</script>")
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 3


def test_an_act_is_one_form_that_is_protected_against_forgery() -> None:
    html = show('<c-act url="/end/" kind="warning" name="step" value="2">End</c-act>')
    assert '<form class="act" method="post" action="/end/"' in html
    assert 'name="csrfmiddlewaretoken"' in html
    assert '<button type="submit" class="btn btn-warning" name="step" value="2">End</button>' in html


@pytest.mark.parametrize(("verdict", "form"), [(YES, True), (no("Sign first."), False)])
def test_an_act_that_a_rule_refuses_shows_the_reason_instead(verdict: object, form: bool) -> None:
    html = show('<c-act url="/end/" :verdict="verdict">End</c-act>', verdict=verdict)
    assert ("<form" in html) is form
    assert ("Sign first." in html) is not form


@pytest.mark.parametrize(
    ("asked", "name_says", "name_links_to", "fields"),
    [
        ("", "ascending", "?sort=-name", ("name", "pk")),
        ("?sort=-name", "descending", "?sort=name", ("-name", "pk")),
        ("?sort=fit", "none", "?sort=name", ("-score", "name", "pk")),
        ("?sort=-fit&page=3", "none", "?sort=name", ("score", "-name", "pk")),
        ("?sort=password", "ascending", "?sort=-name", ("name", "pk")),
    ],
)
def test_a_sorted_column_says_so_and_links_to_its_reverse(
    asked: str, name_says: str, name_links_to: str, fields: tuple[str, ...]
) -> None:
    address = f"/{asked}"
    sort = pages.Sort.of(RequestFactory().get(address), {"name": ("name",), "fit": ("-score", "name")}, "name")
    html = show('<c-th-sort :sort="sort" key="name">Name</c-th-sort>', address, sort=sort)
    assert f'aria-sort="{name_says}"' in html
    assert f'href="{name_links_to}"' in html
    assert sort.fields == fields


def test_a_table_has_a_caption_even_where_it_is_hidden() -> None:
    html = show(
        '<c-table caption="Pairs" :hidden_caption="True" :compact="True">'
        '<c-slot name="head"><th scope="col">Name</th></c-slot>'
        "<tr><td>Ada</td></tr></c-table>"
    )
    assert '<table class="table table-stacked table-compact"' in html
    assert '<caption class="visually-hidden">Pairs</caption><thead><tr><th scope="col">Name</th></tr></thead>' in html


@pytest.mark.parametrize(
    ("number", "has", "has_not"),
    [
        (1, ['aria-current="page">1<', 'rel="next"', "1 to 20 of 95 people"], ['rel="prev"']),
        (3, ['rel="prev"', 'rel="next"', 'href="?q=tax&amp;page=2"'], []),
        (5, ["81 to 95 of 95 people"], ['rel="next"']),
    ],
)
def test_pagination_keeps_the_search_and_ends_where_the_list_ends(
    number: int, has: list[str], has_not: list[str]
) -> None:
    page = Paginator(range(95), 20).page(number)
    html = show('<c-pagination :page="page" what="people" />', "/?q=tax&page=9", page=page)
    assert all(part in html for part in has)
    assert not any(part in html for part in has_not)


def test_pagination_of_a_single_page_is_nothing() -> None:
    assert show('<c-pagination :page="page" />', page=Paginator(range(5), 20).page(1)) == ""


@pytest.mark.parametrize(
    ("asked", "number"), [("", 1), ("?page=2", 2), ("?page=999", 5), ("?page=-1", 5), ("?page=x", 1)]
)
def test_a_page_number_out_of_range_gives_the_nearest_page(asked: str, number: int) -> None:
    assert pages.page_of(range(95), RequestFactory().get(f"/{asked}"), per=20).number == number


def test_bars_are_drawn_to_scale_with_figures_for_those_who_do_not_see_them() -> None:
    chart = charts.bars(
        "Places", [("North", 10), ("South", 5, "watch"), ("East", 0)], heads=("Council", "Places"), unit=" people"
    )
    html = show('<c-chart-bars :chart="chart" />', chart=chart)
    assert [bar.percent for bar in chart.bars] == ["100.0", "50.0", "0.0"]
    assert "<desc id=" in html
    assert "North: 10 people; South: 5 people; East: 0 people</desc>" in html
    assert html.count('class="chart-bar') == 2
    assert '<th scope="row">South</th><td class="numeric">5 people</td>' in html


def test_bars_of_nothing_still_draw() -> None:
    assert "<svg" in show(
        '<c-chart-bars :chart="chart" />', chart=charts.bars("Places", [], heads=("Council", "Places"))
    )


def test_a_strip_stacks_equal_values_and_marks_the_median() -> None:
    chart = charts.strip("Fit", [50, 50, 90, 120], low=0, high=100, heads=("", "Fit"))
    assert chart.middle == "70.0"
    assert [dot["x"] for dot in chart.dots] == ["50.0", "50.0", "90.6", "100.0"]
    assert chart.dots[0]["y"] - chart.dots[1]["y"] == 2 * chart.radius
    assert show('<c-chart-strip :chart="chart" />', chart=chart).count("<circle") == 4


def test_a_sparkline_runs_from_left_to_right_and_says_what_it_shows() -> None:
    chart = charts.sparkline([1, 3, 2], "Meetings a week")
    assert chart.points == "3.0,24.0 50.0,4.0 97.0,14.0"
    assert 'aria-label="Meetings a week"' in show('<c-sparkline :chart="chart" />', chart=chart)
    assert charts.sparkline([], "None").points == ""


@pytest.mark.parametrize(
    ("name", "letters"), [("Ada Lovelace", "AL"), ("Ada", "A"), ("ana maria de souza", "AS"), ("", "?"), (None, "N")]
)
def test_initials(name: object, letters: str) -> None:
    assert initials(name) == letters


def test_a_name_keeps_its_colour() -> None:
    assert tone("Ada") == tone("Ada")
    assert {tone(f"Person {number}") for number in range(50)} == set(range(6))


def test_every_component_is_on_the_design_page() -> None:
    written = "".join(file.read_text() for file in (design.COMPONENTS.parent / "ui").rglob("design*/*.html"))
    written += (design.COMPONENTS.parent / "ui" / "design.html").read_text()
    missing = [name for name in design.component_names() if f"<c-{name}" not in written]
    assert not missing


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in show('{% icon "lock" %}')
    assert 'role="img" aria-label="Private"' in show('{% icon "lock" "Private" %}')
    assert f"/static/{built_files()['icons.svg']}#lock" in show('{% icon "lock" %}')


def test_param_replace_takes_parameters_away_and_escapes_the_rest() -> None:
    html = show("{% param_replace page=2 sort=None %}", "/?q=a%26b&sort=name")
    assert html == "?q=a%26b&amp;page=2"


def test_when_says_nothing_about_nothing() -> None:
    assert show("{% when missing %}", missing=None) == ""


class Letter(forms.Form):
    enclosure = forms.FileField()


def test_a_form_with_files_is_sent_in_parts() -> None:
    html = show('<c-form :form="form" submit="Go" cancel="/back/" action="/to/" />', form=Letter())
    assert '<form method="post" action="/to/" enctype="multipart/form-data" novalidate' in html
    assert '<input type="file" name="enclosure"' in html
    assert 'href="/back/">Cancel' in html
    assert "csrfmiddlewaretoken" in html
