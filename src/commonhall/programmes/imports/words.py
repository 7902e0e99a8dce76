"""What an import of participants says of a cell: what is wrong, and what to do."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from commonhall.core.sheets.problems import SHEET_WORDS, Problem, Words

_FILE: Words = {
    "column_missing": (
        _("No column holds this: %(what)s."),
        _("Choose the column that does, or add one."),
    ),
}

_TEXT: Words = {
    "formula": (
        _("The cell begins like a formula of a spreadsheet; it is kept as plain text and never run."),
        _("Look at the text. If it should not be there, delete it."),
    ),
    "sheet_error": (
        _("The spreadsheet could not work this cell out (%(value)s); it is read as empty."),
        _("Type the value itself into the cell."),
    ),
    "remark_row": (
        _("Only one cell is filled, so this is taken for a remark and left out: “%(value)s”."),
        _("If it is a person, fill in the other cells."),
    ),
    "html": (
        _("There are HTML tags in the text; they are shown as they are written and do nothing."),
        _("Write the text without tags."),
    ),
    "script": (
        _("There is a script link or a template expression in the text; it does nothing here."),
        _("Take it out, or write the plain address of a page."),
    ),
    "control": (_("There was an invisible control character in the cell; it was taken out."), _("Look at the text.")),
    "direction": (
        _("A hidden mark turns the direction of the letters round, so that they are not what they seem."),
        _("Type it again by hand."),
    ),
    "invisible": (_("There was an invisible character in the cell; it was taken out."), _("Look at the spelling.")),
    "mojibake": (
        _("The letters were garbled (%(value)s); they were read as “%(read)s”."),
        _("Look at it, and save the file as CSV UTF-8 next time."),
    ),
    "lost_letters": (
        _("Letters have been lost here: “%(value)s”."),
        _("Ask how it is spelt and type it again; save the file as CSV UTF-8 next time."),
    ),
    "lookalike": (
        _("“%(value)s” mixes letters of different alphabets that look the same."),
        _("Type it again by hand."),
    ),
    "too_long": (
        _("The text has %(length)s characters; at most %(limit)s can be kept."),
        _("Shorten it to %(limit)s characters."),
    ),
}

_PERSON: Words = {
    "name_missing": (_("The name is missing."), _("Write the name.")),
    "name_no_letters": (_("“%(value)s” is not a name."), _("Write the name.")),
    "name_from_address": (
        _("The cell holds an e-mail address, not a name."),
        _("Write the name as the person writes it."),
    ),
    "email_missing": (
        _("The e-mail address is missing."),
        _("Write the work address; without it nobody can be invited."),
    ),
    "email_invalid": (_("“%(value)s” is not an e-mail address."), _("Write it as name@council.gov.uk.")),
    "email_nearly": (_("“%(value)s” is not an e-mail address."), _("Write %(read)s, if that is what is meant.")),
    "email_several": (_("There are two addresses in the cell: %(value)s."), _("Keep the work address only.")),
    "email_shared": (
        _("Line %(other)s has the same address for somebody else."),
        _("Write the address of each person; two people cannot share one."),
    ),
    "email_wrapped": (
        _("There is more than the address in the cell; %(read)s was read."),
        _("Write the address only."),
    ),
    "email_of_another": (
        _("The address in the cell is written with another name: “%(value)s”."),
        _("Write the person's own address only."),
    ),
    "email_invisible": (
        _("There is an invisible character inside the address; it was read as %(read)s."),
        _("Type the address again by hand."),
    ),
    "email_lookalike": (
        _("A letter in the address comes from another alphabet and only looks right: “%(letter)s”."),
        _("Type the address again by hand; %(read)s may be meant."),
    ),
    "role_missing": (
        _("It does not say whether this person is a mentor or a mentee."),
        _("Write mentor, mentee or both."),
    ),
    "role_unknown": (_("“%(value)s” is neither mentor nor mentee."), _("Write mentor, mentee or both.")),
    "level_unknown": (
        _("“%(value)s” is not a level on the ladder; the level is left empty."),
        _("Write 1 to 9, E1 to E3 or R, or the words beside them."),
    ),
    "service_area_unknown": (
        _("The service area “%(value)s” is not known; it is kept as a tag."),
        _("Choose one from the list, or have this name added to the departments of the organisation."),
    ),
    "capacity_words": (_("“%(value)s” was read as %(read)s."), _("Write a number.")),
    "capacity_unreadable": (_("“%(value)s” is not a number of mentees."), _("Write a whole number, such as 1 or 2.")),
    "capacity_not_whole": (
        _("%(value)s is not a whole number of mentees."),
        _("Write a whole number, such as 1 or 2."),
    ),
    "capacity_below_one": (
        _("A mentor needs room for at least one mentee; here is %(value)s."),
        _("Write 1 or more, or take the line out."),
    ),
    "capacity_too_large": (
        _("%(value)s mentees at once is too many; at most %(limit)s can be entered."),
        _("Write the number that one person can meet well."),
    ),
    "language_unknown": (_("The language “%(value)s” is not known; it is left out."), _("Write its English name.")),
    "day_unknown": (_("“%(value)s” is not a weekday; it is left out."), _("Write the days, for example Mon, Wed.")),
    "time_unknown": (
        _("“%(value)s” is not a time of day; it is left out."),
        _("Write morning, lunchtime, afternoon, evening, or hours such as 9:00-12:30."),
    ),
    "fortnight": (
        _("Every second %(day)s was read as every %(day)s."),
        _("Let the person set their own pattern after signing in."),
    ),
    "channel_unknown": (
        _("“%(value)s” is not a known way to meet; it is read as no preference."),
        _("Write Teams, Zoom, Google Meet, telephone, video or in person."),
    ),
    "zone_unknown": (
        _("There is no time zone “%(value)s”; the organisation's is used."),
        _("Write a name such as Europe/London."),
    ),
    "years_read": (_("“%(value)s” was read as %(read)s years."), _("Nothing needs to be done.")),
    "years_unreadable": (_("“%(value)s” is not a number of years."), _("Nothing needs to be done.")),
    "number_unreadable": (_("“%(value)s” is not a number; it is left out."), _("Write a number.")),
    "consent_missing": (_("The agreement to take part is not given here."), _("Ask the person before you match them.")),
    "consent_refused": (
        _("The person has not agreed to take part: “%(value)s”."),
        _("Take the line out, or ask again."),
    ),
}

_DATES: Words = {
    "date_impossible": (_("There is no such day: %(value)s."), _("Write the date as 2026-03-31.")),
    "date_other_order": (
        _("The month stands first here, unlike in the other lines; read as %(read)s."),
        _("Write the date as 2026-03-31."),
    ),
    "date_serial": (
        _("The date was left as a number of the spreadsheet; read as %(read)s."),
        _("Format the cell as a date, or write 2026-03-31."),
    ),
    "date_month_only": (_("There is no day; read as %(read)s."), _("Write the date as 2026-03-31.")),
    "date_words": (_("“%(value)s” is not a date."), _("Write the date as 2026-03-31, or leave the cell empty.")),
    "ends_before_start": (
        _("The end, %(value)s, is before the start, %(start)s."),
        _("Correct one of the two dates."),
    ),
}

_ORGANISATION: Words = {
    "organisation_missing": (_("The organisation is missing."), _("Write the council or organisation.")),
    "organisation_from_address": (
        _("The organisation is missing; %(read)s was taken from the e-mail address."),
        _("Look whether that is right."),
    ),
    "organisation_unknown": (
        _("No organisation is called “%(value)s”."),
        _("Correct the name, or add the organisation first."),
    ),
    "organisation_near": (
        _("No organisation is called “%(value)s”."),
        _("Write its full name. Near to it: %(read)s."),
    ),
    "organisation_several": (
        _("“%(value)s” could be %(read)s."),
        _("Write the full name of the one that is meant."),
    ),
    "organisation_two_ways": (
        _("“%(value)s” looks like %(read)s, but the e-mail address is one of %(other)s."),
        _("Write the full name of the council that this person works for."),
    ),
    "organisation_short": (_("“%(value)s” was read as %(read)s."), _("Nothing needs to be done, if that is right.")),
    "organisation_guess": (
        _("“%(value)s” is no official name; it was read as %(read)s."),
        _("Look whether that is right."),
    ),
    "organisation_ended": (
        _("%(value)s no longer exists; %(read)s followed it and was taken."),
        _("Look whether that is right."),
    ),
    "organisation_ended_open": (
        _("%(value)s no longer exists; it was followed by several."),
        _("Write the one that the person works for now: %(read)s."),
    ),
    "organisation_gone": (_("%(value)s no longer exists."), _("Write the council that the person works for now.")),
}

_OTHERS: Words = {
    "manager_not_email": (
        _("“%(value)s” is not the e-mail address of a line manager."),
        _("Write the address, or leave the cell empty."),
    ),
    "manager_by_name": (_("“%(value)s” was read as %(read)s."), _("Nothing needs to be done, if that is right.")),
    "manager_without_address": (
        _("“%(value)s” has no address here, so this line manager is left out."),
        _("Write the address if the line manager is to be told."),
    ),
    "manager_self": (_("The line manager is the person themself."), _("Write the line manager's own address.")),
    "conflict_self": (_("The person named here is the person themself."), _("Write who is meant, or leave it empty.")),
    "conflict_everybody": (
        _("“%(value)s” leaves nobody to be matched with."),
        _("Write the people or councils that are meant."),
    ),
    "conflict_read": (
        _("This was read as: not with %(read)s."),
        _("Nothing needs to be done, if that is right."),
    ),
    "conflict_words": (
        _("No council or person could be read from “%(value)s”; the words are kept for you."),
        _("Look at it before matching."),
    ),
    "same_person": (
        _("This is the same person as in line %(other)s; the newer of the two, line %(kept)s, is used."),
        _("Delete the line that is not needed."),
    ),
    "same_person_other_address": (
        _("This is the same person as in line %(other)s under another address; line %(kept)s is used, with %(read)s."),
        _("Delete the line that is not needed. If they are two people, write their names so that it shows."),
    ),
    "perhaps_same_person": (
        _("This may be the same person as in line %(other)s: the name and the organisation are the same."),
        _("If so, delete one of the lines."),
    ),
    "known_other_address": (
        _("Somebody of this name at this organisation is known already, as %(read)s."),
        _("Use that address, if it is the same person."),
    ),
}


class PersonProblem(Problem):
    __slots__ = ()

    words: ClassVar[Words] = {**SHEET_WORDS, **_FILE, **_TEXT, **_PERSON, **_DATES, **_ORGANISATION, **_OTHERS}
