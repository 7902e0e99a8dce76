"""Which column holds what: read from the headings, and from what stands below them where these leave it open."""

import re
from collections.abc import Callable, Iterable, Mapping

from commonhall.core.sheets import choices
from commonhall.core.sheets.sheet import Column, Sheet
from commonhall.core.sheets.words import plain
from commonhall.people import taxonomy
from commonhall.programmes.imports import answers
from commonhall.programmes.imports.fields import FIELDS, MAY_COME_TWICE, SECOND_IS

# Headings in lower case, without punctuation ("E-mail" is "e mail"). The first pattern that fits decides.
_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "",
        r"^(id|nr|no|number|row|line|ref|reference|response|respondent|participant|employee|staff|record)( id| no| number)?$",
    ),
    (
        "",
        r"^(start time|started( at| on)?|begin time|last modified( time)?|duration|score|points|quiz feedback|ip address)$",
    ),
    (
        "submitted_at",
        r"^(timestamp|time stamp|completion time|date( and time)? submitted|submitted( at| on| date)?|submission (date|time)"
        r"|submit date|response date|date of (response|application)|application date|applied( on| at)?|recorded date|end time)$",
    ),
    (
        "consent",
        r"\b(agree|consent|consented|privacy (notice|policy|statement)|code of conduct|gdpr|i confirm|data protection)\b",
    ),
    (
        "adjustments",
        r"anything (else|you|we)|access needs|adjustments|^(notes|comments|other|remarks)$|else we should know",
    ),
    (
        "not_with",
        r"\bnot (be |to be )?(matched|paired|with|work with|meet)\b|should not|conflicts?( of interest| declared)?$|^conflict"
        r"|\bavoid|exclu(de|sion)|rather not|do not (match|pair)|dont (match|pair)|cannot be (matched|paired)|^blocked"
        r"|not like to be (matched|paired)|would prefer not",
    ),
    (
        "line_manager",
        r"line ?managers?\b|\bmanagers? (e ?mail|name|address|contact)|^managers?$|supervisors?( e ?mail| name)?$|\bsponsors?\b"
        r"|\bboss\b|reports to|approving manager",
    ),
    (
        "also_mentor",
        r"\b(also|willing|happy|open to|interested|consider|like|able)\b.*\b(be|being|become|becoming|act as) a mentor\b",
    ),
    (
        "also_mentee",
        r"\b(like|want|need|benefit from|looking for) (a mentor|to be mentored|mentoring) (yourself|too|as well|for yourself)"
        r"|\balso (like|want|need) (a mentor|to be mentored)|(be|being) a mentee (too|as well)|mentored yourself",
    ),
    (
        "capacity",
        r"how many\b.*\b(mentees?|people|pairs?|mentor)|\b(max(imum)?|most|number of) .*(mentees|pairs|matches)|^capacity",
    ),
    ("capacity", r"mentees .*(take|support|manage)|^(max |maximum )?mentees$|^places$|mentee capacity|^max capacity$"),
    (
        "other_council",
        r"\b(different|another|other|same|own|outside)\b.{0,20}\b(council|organi[sz]ation|authority|region|employer)\b(?!s? (do|you))",
    ),
    (
        "email_other",
        r"e ?mail.*\b(different|other|alternative|secondary|preferred|personal|private|home|backup)\b"
        r"|\b(different|other|alternative|secondary|preferred|personal|private|home|backup)\b.*e ?mail",
    ),
    ("email", r"\be ?mail\b|^mail$|^(user ?name|login|upn|contact address)$"),
    (
        "name_other",
        r"name as you|like (it|your name) to appear|preferred (first )?name|^known as$|name on (the )?(badge|certificate)|nickname"
        r"|like to be called|display name",
    ),
    ("first_name", r"^(your |mentors? |mentees? )?((first|given|christian) ?names?|forenames?)( s)?$|^first$|^given$"),
    ("surname", r"^(your |mentors? |mentees? )?(surname|last ?name|family ?name)$|^last$|^family$"),
    (
        "name",
        r"^(your |full |first and last |complete )?name( in full| and surname| surname)?$|^(your|what is your) (full )?name\b|^name of"
        r" (the )?(person|participant|applicant|mentor|mentee|staff|employee|officer)|^(participant|person|mentor|mentee|applicant"
        r"|staff|employee|officer|contact|delegate|member)( full)? name$|^(participant|person|mentor|mentee|applicant|who)$",
    ),
    ("pronouns", r"pronoun"),
    (
        "job_title",
        r"job ?title|job role|\bpost( title)?$|^(title|position|job|occupation|designation|post title|job position)$|current (role|post"
        r"|position|job)|what is your (role|post|position|job)|role title|position title|job description|^your (role|job|post|position)$",
    ),
    (
        "role",
        r"^role\b|mentor (or|and|and or|slash) mentee|^mentor mentee$|(taking|take) part as|appl(y|ying) as|participa\w+ (as|type)"
        r"|sign(ing)? up as|i would like to be|i want to be|which role|^type$|^as$|^are you a mentor|type of participant",
    ),
    (
        "level",
        r"\blevel\b|\bgrade\b|seniority|career stage|\bband\b|\btier\b|best describes your (role|position|level|seniority)|^rank$",
    ),
    ("years", r"\bhow long\b|\byears\b|length of service|experience in years"),
    (
        "service_area",
        r"service areas?\b|\bdepartments?\b|directorate|\bdivision\b|^(service|services|area|areas|team|section|function|unit|dept)$"
        r"|work area|areas? of work|business unit|field of work|which service|which team|team or service|professional area|sector|profession",
    ),
    ("time_zone", r"time ?zone|^tz$|utc|gmt offset"),
    ("languages", r"language|\bspeak\b|mother tongue"),
    (
        "available_until",
        r"available (until|to|till)|\bend(ing|s)? (date|on)|^(until|to|till|end|finish)$|until (what date|when)|last date",
    ),
    (
        "available_from",
        r"available from|\bstart(ing|s)? (date|from|on)|^(from|start)$|earliest|when (can|could) you start|from (what date|when)",
    ),
    (
        "hours_per_month",
        r"hours? (per|a|each|every) (month|week)|time commitment|hours available|how many hours|hours month",
    ),
    (
        "",
        r"\bfte\b|contract(ed)? hours|full time equivalent|^(joined|member since|registered)|joined (the )?pool|date (joined|added)",
    ),
    ("travel_km", r"\btravel|distance|how far|\bkm\b|miles"),
    (
        "times",
        r"times? of (the )?day|\btimes\b|what time|best time|time slots?|\bslots?\b|part of the day|hours of the day|when in the day",
    ),
    ("days", r"\bdays?\b|weekday|working pattern|when (are|do) you|availability|available|working week"),
    (
        "channel",
        r"channel|how (would|do) you (prefer|like|want) to meet|meeting (method|preference|type|format|mode)|how to meet|platform"
        r"|prefer\w* (way|method|mode|means|format)|video or|in person or|^(mode|format|medium|meet|method)$|contact preference",
    ),
    (
        "offers",
        r"\b(can|could|able to|happy to|willing to|will) you (offer|help|share|bring)|you (can|could) (offer|help|share|bring)",
    ),
    (
        "offers",
        r"\b(can|could|may|to) (offer|help with|share|bring)\b|^offers?$|^offering|^help (offered|with)$|expertise|strengths",
    ),
    (
        "wants",
        r"look(ing)? for|\bwants?\b|like (help|support|advice|to (learn|work|develop|achieve|gain|get|improve))|help with|\blearn|goals?\b"
        r"|objectives?|hop(e|ing) to (gain|achieve|get|learn)|work on|\bneeds? (help|support)|development (needs|areas|goals)|^wants?$"
        r"|support .*need|get out of|challenges?\b|why (do you want|would you like)",
    ),
    ("offers", r"\boffer|experience|knowledge|areas? of strength|skills? (you have|to share)|specialis"),
    (
        "biography",
        r"biograph|\bbio\b|about (you|yourself|me|them)$|tell us about|describe yourself|introduc|\bprofile\b|personal statement|^summary$",
    ),
    ("background", r"background|career (path|history|so far)|qualification|education|\bcv\b|training"),
    ("interests", r"interests?\b|hobbies|topics?\b|themes?\b"),
    (
        "organisation",
        r"council|organi[sz]ation|authority|employer|company|agency|municipality|where do you work|work ?place|borough|^(org|la)$",
    ),
    (
        "adjustments",
        r"access|adjustment|disabilit|anything (else|we)|needs\b|requirements?|comments?|^notes?$|other information|additional",
    ),
    ("", r"confiden|rating|phone|mobile|postcode|address"),
)
_COMPILED = tuple((field, re.compile(pattern)) for field, pattern in _PATTERNS)
_EMAIL = re.compile(r"^\S+@\S+\.\w+$")


def suggest_mapping(sheet: Sheet, remembered: Mapping[str, str] | None = None) -> dict[str, str]:
    """Heading (a column's `label`) to field; a column that is not needed is left out.

    `remembered` is what was chosen before for a sheet with the same headings, and is taken as it is.
    """
    labels = {column.label for column in sheet.columns}
    if remembered:
        return {label: field for label, field in remembered.items() if label in labels and field in FIELDS}
    mapping: dict[str, str] = {}
    for column in sheet.columns:
        values = [value for value in sheet.values(column) if value.strip()][:400]
        field = _refined(_by_heading(column), values)
        if field in mapping.values() and field not in MAY_COME_TWICE:
            field = SECOND_IS.get(field, "")
        if field and (field in MAY_COME_TWICE or field not in mapping.values()):
            mapping[column.label] = field
    return _completed(sheet, mapping)


def _by_heading(column: Column) -> str:
    words = plain(column.label)
    for field, pattern in _COMPILED:
        if pattern.search(words):
            return field
    return ""


def _share(values: Iterable[str], test: Callable[[str], object]) -> float:
    tested = [bool(test(value)) for value in values]
    return sum(tested) / len(tested) if tested else 0.0


def _refined(field: str, values: list[str]) -> str:
    """What stands below a heading decides between fields whose headings read alike."""
    if field in ("wants", "offers", "interests", "background") and _share(values, _are_competencies) > 0.6:
        return "offer_competencies" if field == "offers" else "want_competencies"
    if field in ("role", "job_title", "level") and values:
        fits = _share(values, answers.role)
        if fits > 0.5:
            return "role"
        if field == "role" and fits < 0.2:
            return "" if _share(values, lambda value: answers.yes_or_no(value) is not None) > 0.5 else "job_title"
    if field == "name" and _share(values, _EMAIL.match) > 0.5:
        return "email"
    return field


def _are_competencies(text: str) -> bool:
    pieces = choices.split(text, is_competency)
    return bool(pieces) and all(taxonomy.competency(piece) is not None for piece in pieces)


def is_competency(text: str) -> bool:
    found = taxonomy.competency(text)
    return found is not None and found.how != "spelling"


def _completed(sheet: Sheet, mapping: dict[str, str]) -> dict[str, str]:
    """Without a column of addresses or roles, one that plainly holds them takes the part."""
    for field, test in (("email", _EMAIL.match), ("role", answers.role)):
        if field in mapping.values():
            continue
        for column in sheet.columns:
            values = [value for value in sheet.values(column) if value.strip()][:200]
            if column.label not in mapping and _share(values, test) > 0.7:
                mapping[column.label] = field
                break
    if "email" not in mapping.values():
        mapping.update({label: "email" for label, field in list(mapping.items()) if field == "email_other"})
    return mapping
