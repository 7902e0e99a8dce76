"""What the kinds of records are called on the page."""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "account": _("Your account"),
    "addresses": _("Your e-mail addresses"),
    "devices": _("Devices on which you are signed in"),
    "second_factors": _("Passkeys and second steps"),
    "workplace": _("Your organisation"),
    "staff_roles": _("Staff roles"),
    "profile": _("Your profile"),
    "topics": _("What you offer, want and like"),
    "working_hours": _("Hours for meeting"),
    "notices": _("Notices to you"),
    "notice_preferences": _("What we may send you"),
    "history": _("Things that you did, with dates"),
    "applications": _("Your applications and places"),
    "not_to_be_matched_with": _("People you are not to be matched with"),
    "line_manager_of": _("Applications of people whose line manager you are"),
    "imports": _("Lists of people that you brought in"),
    "imported": _("What a list that was brought in said of you"),
    "mentorships": _("Your mentorships"),
    "agreements": _("Your agreements"),
    "signatures": _("Your signatures"),
    "meetings": _("Your meetings"),
    "reminders": _("Reminders of meetings"),
    "matches": _("Your matches"),
    "requests": _("Your requests to mentors"),
    "declined": _("Matches that you declined"),
    "shortlist": _("Your shortlist"),
    "matching_runs": _("Matching rounds with you in them"),
    "kept_mail": _("E-mails to you, kept in the demo"),
}
