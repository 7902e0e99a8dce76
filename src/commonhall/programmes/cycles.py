"""The cycle templates from which a programme is made: whom it suits, its dates by week from kick-off, its words.

Everything here is a beginning; the coordinator changes each of it in the programme itself.
"""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from commonhall.programmes.cycle import Cycle, Kind, Step

AGREEMENT = _(
    "Purpose\nWe meet so that the mentee moves forward with what they want to learn. Up to three goals, chosen by the "
    "mentee, are written down and looked at again half way.\n\n"
    "Rhythm and channel\nWe meet as often as the programme plans, for about an hour, in the way that suits us both.\n\n"
    "Confidentiality\nWhat we say stays between us. It has three limits: the law, somebody's safety, and serious "
    "misconduct. Whoever sees one of them says so to the other first.\n\n"
    "Cancelling\nWhoever cannot come says so as early as possible and offers another time.\n\n"
    "Notes\nShared notes belong to both of us. Private notes are read by nobody else.\n\n"
    "The line manager\nLearns dates and hours, never what was said.\n\n"
    "Review and ending\nWe look at how it goes on the review date. Either of us can end it at any time, without giving "
    "a reason and without blame."
)

_MENTEE_AND_MENTOR_ASKS = _(
    "An hour a month with each other and a little time in between. A short introduction to mentoring at a distance "
    "before you begin. An answer within a few days when you are asked something. Three short surveys over the whole "
    "time."
)

COHORT = Cycle(
    key="cohort",
    name=_("Cohort of eight months"),
    for_whom=_("A first programme, or one a year: everybody starts and finishes together."),
    kind=Kind.CAREER,
    steps=(
        Step("open", _("Applications open"), -8),
        Step("training", _("Training for mentors and mentees"), -3),
        Step("match", _("Matches are made"), -1),
        Step("kick_off", _("Kick-off"), 0),
        Step("review", _("Half-way review"), 14),
        Step("closing_survey", _("Closing survey"), 34),
        Step("end", _("Last week of the programme"), 35),
        Step("debrief", _("Debrief with the pool"), 36),
        Step("follow_up", _("Follow-up: what came of it"), 62),
    ),
    texts={
        "summary": _("Eight months with a mentor from another council, for anyone who works in local government."),
        "purpose": _(
            "You meet somebody who has done the job you are growing into, and who does not work where you work. "
            "Once a month you talk about what you want to learn; in between you try it out. Pairs are made across "
            "councils, so that you hear how others solve what you are solving."
        ),
        "audience": _(
            "People at every level and from every service who want to take a next step, and people with a few years' "
            "more experience who would like to pass it on. You do not need to manage anybody."
        ),
        "asks": _MENTEE_AND_MENTOR_ASKS,
        "gives": _(
            "A mentor or a mentee chosen for a reason that you can read. A workspace for goals and notes that only the "
            "two of you see. A certificate with your hours for your professional record."
        ),
        "agreement": AGREEMENT,
    },
)

LIGHT = Cycle(
    key="light",
    name=_("Light: six months, six meetings"),
    for_whom=_("Busy services, and coordinators with half an hour a week."),
    kind=Kind.CAREER,
    meetings_planned=6,
    steps=(
        Step("open", _("Applications open"), -6),
        Step("match", _("Matches are made"), -1),
        Step("kick_off", _("Kick-off"), 0),
        Step("pulse", _("Three questions: how is it going?"), 12),
        Step("end", _("Last week of the programme"), 26),
    ),
    texts={
        "summary": _("Six conversations in six months with somebody from another council."),
        "purpose": _(
            "One conversation a month, six in all, with somebody who knows your field or the step that you want to "
            "take. There is no homework and as little paper as we could manage."
        ),
        "audience": _("Anyone who has one question about their work that a colleague elsewhere could help with."),
        "asks": _("Six meetings of an hour. Three questions half way and three at the end."),
        "gives": _("A fresh pair of eyes, a contact for later, and your hours on record."),
        "agreement": AGREEMENT,
    },
)

TWELVE_MONTHS = Cycle(
    key="twelve_months",
    name=_("Twelve months"),
    for_whom=_("Leadership and career programmes with a proper evaluation."),
    kind=Kind.CAREER,
    meetings_planned=12,
    needs_sponsor=True,
    steps=(
        Step("open", _("Applications open"), -8),
        Step("training", _("Training for mentors and mentees"), -3),
        Step("match", _("Matches are made"), -1),
        Step("kick_off", _("Kick-off"), 0),
        Step("check", _("Check: is it the right pairing?"), 12),
        Step("evaluate", _("Evaluation at half time"), 26),
        Step("end", _("Closing meeting"), 52),
    ),
    texts={
        "summary": _("A year with a mentor, for people who are preparing for a larger role."),
        "purpose": _(
            "A year is long enough to work on something real: leading a team for the first time, moving to another "
            "service, getting ready for a head of service post. Your line manager agrees to the time, and hears "
            "nothing else."
        ),
        "audience": _(
            "Officers who want a larger role within two years, and managers and directors who have made that step."
        ),
        "asks": _(
            "An hour a month for a year, two days' notice when plans change, and an honest answer at the two checks."
        ),
        "gives": _(
            "Somebody on your side for a year. Goals against the competencies of local government, before and after. "
            "A certificate."
        ),
        "agreement": AGREEMENT,
    },
)

TWO_INTAKES = Cycle(
    key="two_intakes",
    name=_("Two intakes a year, with places per council"),
    for_whom=_("Regions where every council should get its share."),
    kind=Kind.CAREER,
    meetings_planned=6,
    steps=(
        Step("open", _("Applications open"), -6),
        Step("close", _("Applications close"), -1),
        Step("match", _("Matches are made"), -1),
        Step("kick_off", _("Kick-off"), 0),
        Step("pulse", _("Three questions: how is it going?"), 8),
        Step("next_intake", _("Applications for the next intake open"), 20),
        Step("end", _("Last week of the programme"), 26),
    ),
    texts={
        "summary": _("Two starts a year, five weeks to apply, and places for every council of the region."),
        "purpose": _(
            "Applications are open for five weeks in spring and in autumn. Every council has a number of places for "
            "mentees and says how many mentors it gives, so that small councils are not crowded out."
        ),
        "audience": _(
            "Everybody who works for a council of the region. If your council's places are taken, you are first next "
            "time."
        ),
        "asks": _MENTEE_AND_MENTOR_ASKS,
        "gives": _("A mentor from another council within a week of the closing day, and a reason why it is this one."),
        "agreement": AGREEMENT,
    },
)

ROLLING = Cycle(
    key="rolling",
    name=_("Rolling pool"),
    for_whom=_("A standing offer: start any day, two to six meetings."),
    kind=Kind.TECHNICAL,
    meetings_planned=4,
    rhythm_weeks=3,
    rolling=True,
    steps=(
        Step("kick_off", _("The pool opens"), 0),
        Step("pulse", _("How is the pool doing?"), 26),
        Step("yearly", _("Yearly look back"), 52),
    ),
    texts={
        "summary": _("Ask a colleague in another council, any day of the year."),
        "purpose": _(
            "You choose somebody from the directory and ask. They answer within a few days. You meet two to six times "
            "about one subject and then you are done."
        ),
        "audience": _("Anyone with a subject to learn, and anyone who knows one and can spare a few hours a year."),
        "asks": _("Two to six meetings of an hour, and an answer to every request, even when it is no."),
        "gives": _("Help with one thing, soon, from somebody who did it last year."),
        "agreement": AGREEMENT,
    },
)

MEMBERS = Cycle(
    key="members",
    name=_("Elected members, on demand"),
    for_whom=_("Councillors who want a peer, away from officers."),
    kind=Kind.MEMBERS,
    meetings_planned=6,
    rhythm_weeks=6,
    most_mentees=2,
    members_only=True,
    rolling=True,
    steps=(
        Step("kick_off", _("The offer opens"), 0),
        Step("pulse", _("Three questions: how is it going?"), 20),
        Step("yearly", _("Yearly look back"), 52),
    ),
    texts={
        "summary": _("An experienced member from another council, when you want one, and nobody told."),
        "purpose": _(
            "Chairing a first committee, taking a portfolio, going into opposition, coming back after illness: "
            "somebody elected elsewhere has been there. Officers of your council do not see that you asked."
        ),
        "audience": _("Elected members of every group, new or long serving."),
        "asks": _("An evening hour every six weeks, for as long as both of you find it useful."),
        "gives": _("A peer who is not a rival, and a conversation that stays where it is."),
        "agreement": AGREEMENT,
    },
)

FLASH = Cycle(
    key="flash",
    name=_("Flash: one meeting"),
    for_whom=_("A taste of mentoring, events, and one question at a time; cycles of two to six weeks."),
    kind=Kind.FLASH,
    meetings_planned=1,
    rhythm_weeks=1,
    most_mentees=4,
    steps=(
        Step("recruit", _("Questions and offers are collected"), -3),
        Step("match", _("Matches are made"), -1),
        Step("kick_off", _("Meetings begin"), 0),
        Step("end", _("Last week for meetings"), 4),
    ),
    texts={
        "summary": _("One hour with somebody who knows the answer to one question."),
        "purpose": _(
            "Bring one question. Meet once, for an hour, within four weeks. If you both want to go on, you can, but "
            "nobody expects it."
        ),
        "audience": _("Anyone with a question, and anyone who can spare an hour."),
        "asks": _("One hour, and a minute afterwards to say whether it was worth it."),
        "gives": _("An answer, or a better question, and a new name in your address book."),
        "agreement": AGREEMENT,
    },
)

REVERSE = Cycle(
    key="reverse",
    name=_("Reverse mentoring"),
    for_whom=_("Directors and chief executives who want to learn from people closer to the work."),
    kind=Kind.REVERSE,
    meetings_planned=6,
    most_mentees=1,
    steps=(
        Step("open", _("Applications open"), -6),
        Step("training", _("Briefing: being mentored by somebody junior"), -2),
        Step("match", _("Matches are made"), -1),
        Step("kick_off", _("Kick-off"), 0),
        Step("review", _("Half-way review"), 12),
        Step("end", _("Last week of the programme"), 26),
    ),
    texts={
        "summary": _("Leaders listen to somebody from another council who sees what they do not."),
        "purpose": _(
            "The mentor is the more junior of the two. They know something that the leader does not: what it is like "
            "to use the new system, to be the only one in the room, to be twenty-four in a council."
        ),
        "audience": _("Heads of service and above as mentees; officers at every other level as mentors."),
        "asks": _(
            "From leaders: an hour a month, and to listen. From mentors: to be frank. The pairs never share a council."
        ),
        "gives": _("Leaders hear what does not reach them. Mentors see how decisions are made, and are heard."),
        "agreement": AGREEMENT,
    },
)

TRANSFER = Cycle(
    key="transfer",
    name=_("Knowledge transfer before retirement"),
    for_whom=_("Posts where one person knows how it works and is about to leave."),
    kind=Kind.TRANSFER,
    meetings_planned=13,
    rhythm_weeks=2,
    steps=(
        Step("recruit", _("Posts and people are named"), -4),
        Step("kick_off", _("Kick-off"), 0),
        Step("map", _("What only they know: the list is complete"), 4),
        Step("review", _("Half-way review: what is still missing?"), 13),
        Step("end", _("Hand-over complete"), 26),
    ),
    texts={
        "summary": _("Six months to hand on what is in one person's head."),
        "purpose": _(
            "Before somebody retires, they and those who follow meet every two weeks: first to list what only they "
            "know, then to pass it on, case by case. Colleagues from neighbouring councils may sit in where a post is "
            "rare."
        ),
        "audience": _("People within a year of leaving, and the one or two people who take over."),
        "asks": _("An hour every two weeks for half a year, and the patience to explain what seems obvious."),
        "gives": _("A hand-over that does not depend on a last week, and a thank-you that says what for."),
        "agreement": AGREEMENT,
    },
)

CYCLES: tuple[Cycle, ...] = (
    COHORT,
    LIGHT,
    TWELVE_MONTHS,
    TWO_INTAKES,
    ROLLING,
    MEMBERS,
    FLASH,
    REVERSE,
    TRANSFER,
)

BY_KEY = MappingProxyType({cycle.key: cycle for cycle in CYCLES})


def get(key: str) -> Cycle:
    """The template of this key; a key that is not shipped is an error at once."""
    return BY_KEY[key]
