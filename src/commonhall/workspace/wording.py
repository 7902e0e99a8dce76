"""What would make a goal more concrete. Questions and examples; nothing is ever refused because of them."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

VAGUE = re.compile(
    r"\b(improve|better|more|develop|understand|learn about|know|be aware|get into|work on|grow|explore|enhance"
    r"|confiden\w+|impact|leadership|network|communicat\w+|strateg\w+)\b",
    re.I,
)
SEEN = re.compile(
    r"\b(chair|present|write|lead|run|brief|apply|negotiat\w+|answer|publish|hold|speak|interview|pass|set up|draft"
    r"|deliver|recruit|manage|train|start|finish|agree|decide|shadow|close|cut|launch)\w*\b",
    re.I,
)
SHORT = 4

EXAMPLES: dict[str, tuple[Words, Words]] = {
    "integrity": (
        _("I have put a disagreement with a senior colleague in writing, calmly, and said what I would do instead."),
        _("My team has a short note on gifts and interests that we wrote together, and two people have used it."),
    ),
    "political-awareness": (
        _("I have briefed the portfolio holder alone, in ten minutes, and she used it in cabinet."),
        _("I have answered questions at scrutiny for half an hour without looking at my manager."),
    ),
    "community-and-equity": (
        _("I have changed one service step because of what residents who do not use it told me."),
        _("An equality assessment of mine has altered the recommendation, not only the appendix."),
    ),
    "strategy-and-policy": (
        _("I have written the two pages on which the leadership team decided about one service."),
        _("Our plan for next year names three things that we will stop doing."),
    ),
    "service-delivery": (
        _("The queue of cases older than ten weeks is half as long, and stays so for two months."),
        _("I have run one improvement from first idea to report, and handed it over."),
    ),
    "finance-and-value": (
        _("I have presented my budget to finance, with the risks, and needed no help with the questions."),
        _("I can explain our unit cost to a councillor in one minute, with a number that is right."),
    ),
    "people-leadership": (
        _("I have held a hard conversation about performance, prepared with my mentor, and followed it up."),
        _("Each of my team has one thing that they do without asking me any more."),
    ),
    "self-management": (
        _("For six weeks I have left at five on two days, and said so in advance."),
        _("I have told my manager which of three tasks I will not do, and why."),
    ),
    "communication-and-influence": (
        _("I have spoken at a public meeting for five minutes without notes."),
        _("A report of mine went to committee at half its length, and nobody asked for the rest."),
    ),
    "partnership-and-place": (
        _("I have agreed with two neighbouring councils who does what, on one page that all signed."),
        _("I know by name whom to ring in health, police and housing, and have rung each once."),
    ),
    "digital-data-ai": (
        _("One form of ours takes half as many questions, and fewer people ring about it."),
        _("I have tried an assistant tool on one safe task, written down what it got wrong, and shown my team."),
    ),
    "risk-law-governance": (
        _("I have rewritten the top three risks so that each says what we do on Monday."),
        _("I have taken one decision through legal from the first question to the signature."),
    ),
}


@dataclass(frozen=True)
class Advice:
    """What to ask oneself about a goal, and two that say it concretely."""

    questions: tuple[Words, ...]
    examples: tuple[Words, ...]


def advice(words: str, measure: str, due_on: date | None, competency: str = "") -> Advice:
    """Nothing to ask where a goal says what will be seen, and by when."""
    asked: list[Words] = []
    if len(words.split()) < SHORT:
        asked.append(_("What would somebody see you do? A few more words make it yours."))
    elif VAGUE.search(words) and not SEEN.search(words):
        asked.append(_("“%(words)s” is a direction. What will you have done when you are there?"))
    if not measure:
        asked.append(_("How would the two of you know, without asking each other, that it is reached?"))
    if due_on is None:
        asked.append(_("By when? A date close enough to begin this month."))
    return Advice(tuple(_put(one, words) for one in asked), EXAMPLES.get(competency, ()) if asked else ())


def _put(question: Words, words: str) -> Words:
    return str(question) % {"words": words} if "%(words)s" in str(question) else question
