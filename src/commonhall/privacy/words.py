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
    "kept_mail": _("E-mails to you, kept in the demo"),
}
