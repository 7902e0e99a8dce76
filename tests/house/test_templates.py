import re
from functools import cache
from pathlib import Path

import allauth
import django
import pytest
from django.template import engines
from django.template.loader import get_template

from commonhall.config import notices
from tests.house.tree import PRODUCT, named, python, tracked

PAGES = [path for path in tracked() if PRODUCT in path.parents and "templates" in path.parts]
COMPONENTS = [path for path in PAGES if "cotton" in path.parts]
BY_STATUS = {
    "400.html",
    "403.html",
    "403_csrf.html",
    "404.html",
    "409.html",
    "422.html",
    "429.html",
    "500.html",
    "503.html",
}


def template_name(path):
    parts = path.parts
    return "/".join(parts[parts.index("templates") + 1 :])


def names(paths):
    return sorted(template_name(path) for path in paths)


@cache
def text_of_everything():
    return "\n".join(path.read_text() for path in [*python(), *PAGES])


@cache
def of_notices():
    """Mail is named by the notices, some of which put the name together."""
    return {notice.template for told in notices.by_verb().values() for notice in told}


@cache
def put_together():
    """Names with a gap, such as f"programmes/{kind}.html"."""
    gapped = re.findall(r"f\"([\w/.-]*/[\w.-]*\{[^\"]*\}[\w.-]*\.(?:html|txt))\"", text_of_everything())
    return re.compile("|".join(re.sub(r"\\\{.*?\\\}", r"[\\w-]+", re.escape(name)) for name in gapped) or "nothing")


@pytest.mark.parametrize("name", names(PAGES))
def test_it_compiles(name):
    assert get_template(name)


@pytest.mark.parametrize("path", PAGES, ids=template_name)
def test_it_is_used(path):
    name = template_name(path)
    folders = [Path(package.__file__).parent for package in (allauth, django)]
    overrides = any((folder / sub / name).exists() for folder in folders for sub in ("templates", "forms/templates"))
    component = f"<c-{Path(name).stem.replace('_', '-')}" if path in COMPONENTS else ""
    stem = name.removesuffix("_subject.txt").removesuffix("_message.txt").removesuffix("_message.html")
    written = component or (stem if stem != name else name)
    known = name in BY_STATUS | of_notices() or overrides or put_together().fullmatch(name)
    assert known or written in text_of_everything()


@pytest.mark.parametrize(
    "path", [path for path in PAGES if path.suffix == ".html" and "mail" not in path.parts], ids=template_name
)
def test_it_has_no_style_and_no_script_of_its_own(path):
    text = path.read_text()
    assert not re.findall(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    for attributes in re.findall(r"<script\b([^>]*)>", text):
        assert "src=" in attributes or "application/json" in attributes


def words_of(text):
    """What is left of a template when markup, tags and translated text are taken away."""
    text = re.sub(r"{% comment.*?endcomment %}|{#.*?#}", " ", text, flags=re.DOTALL)
    text = re.sub(
        r"{% blocktranslate.*?endblocktranslate %}|{% blocktrans.*?endblocktrans %}", " ", text, flags=re.DOTALL
    )
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    return re.sub(r"<[^>]*>|&\w+;|&#\d+;", " ", text, flags=re.DOTALL)


SPOKEN = re.compile(
    r"\s(?:title|lead|alt|label|aria-label|placeholder|summary|submit|words|hint|term|caption|eyebrow)=\"([^\"{]*[A-Za-z]{3}[^\"{]*)\""
)
OWN_NAMES = {"Commonhall", "CSV", "Excel"}


@pytest.mark.parametrize("path", [path for path in PAGES if "design" not in template_name(path)], ids=template_name)
def test_what_people_read_is_marked_for_translation(path):
    text = path.read_text()
    plain = set(re.findall(r"[^\W\d_]{3,}", words_of(text))) - OWN_NAMES
    spoken = {found for found in SPOKEN.findall(re.sub(r"{#.*?#}|<c-vars[^>]*>", " ", text)) if found not in OWN_NAMES}
    assert not plain, f"{named(path)} says {sorted(plain)[:8]}"
    assert not spoken, f"{named(path)} says {sorted(spoken)[:8]}"


def test_unknown_variables_are_not_hidden_by_a_default():
    assert not engines["django"].engine.string_if_invalid


@pytest.mark.parametrize("room", ["programmes", "mentorships", "meetings"])
def test_a_page_names_no_page_of_the_matching_room_above_it(room):
    """`config.navigation` gives the doors."""
    pages = [path for path in PAGES if PRODUCT / room in path.parents]
    assert pages
    assert not [named(path) for path in pages if re.search(r"{% url ['\"]matching:", path.read_text())]
