"""What the kinds of notices are called on the preferences page."""

from django.utils.translation import gettext_lazy as _

DIGEST = "digest"

LABELS = {
    DIGEST: _("Your daily digest"),
    "programmes": _("Programmes: applications and dates"),
    "matches": _("Matches and requests"),
    "mentorships": _("Your mentorships: agreement, pause, end"),
    "meetings": _("Meetings: proposals, changes, reminders"),
    "workspace": _("Working together: what is due"),
    "messages": _("Messages from the people you are matched with"),
    "account": _("Your account"),
}
