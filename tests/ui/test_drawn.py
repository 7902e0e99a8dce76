"""Parts of pages that are drawn once for equal things."""

from dataclasses import dataclass, replace

from django.template import Context, Template, engines
from django.utils import timezone, translation

from commonhall.ui.templatetags.ui import drawn


@dataclass(frozen=True)
class Door:
    label: str
    url: str = "/"
    active: bool = False
    count: int = 0


def nav(*doors: Door) -> str:
    return drawn("ui/site_menu.html", doors)


def test_equal_things_are_drawn_once_and_others_are_drawn_as_they_are() -> None:
    door = Door("A <b> room")
    assert nav(door) is nav(replace(door))
    assert "A &lt;b&gt; room" in nav(door)
    assert "A hall" in nav(replace(door, label="A hall"))
    assert "A &lt;b&gt; room" not in nav(replace(door, label="A hall"))


def test_another_language_and_another_time_zone_are_drawn_apart() -> None:
    first = nav(Door("Room"))
    with translation.override("de"):
        assert nav(Door("Room")) is not first
    with timezone.override("Pacific/Auckland"):
        assert nav(Door("Room")) is not first
    assert nav(Door("Room")) is first


def test_what_is_drawn_knows_nothing_of_the_page_around_it() -> None:
    template: Template = engines["django"].from_string('{% drawn "ui/footer.html" design %}').template
    context = {"it": True, "user": "Amara Okafor", "request": "her request", "design": False}
    html = template.render(Context(context))
    assert "Accessibility" in html
    assert "/design/" not in html
