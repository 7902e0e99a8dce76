"""What a column of a list of participants may hold."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIELDS: Mapping[str, Promise] = MappingProxyType(
    {
        "role": _("Mentor, mentee or both"),
        "name": _("Name"),
        "first_name": _("First name"),
        "surname": _("Surname"),
        "name_other": _("Name as they like to be called"),
        "pronouns": _("Pronouns"),
        "email": _("E-mail address"),
        "email_other": _("E-mail address, if different"),
        "organisation": _("Organisation"),
        "job_title": _("Job title"),
        "service_area": _("Service area or department"),
        "level": _("Career level"),
        "years": _("Years in local government"),
        "wants": _("What they want to learn"),
        "want_competencies": _("Competencies they want to grow in"),
        "offers": _("What they can help with"),
        "offer_competencies": _("Competencies they can help with"),
        "also_mentor": _("Would they also be a mentor?"),
        "also_mentee": _("Would they also like a mentor?"),
        "capacity": _("Most mentees at once"),
        "languages": _("Languages"),
        "days": _("Days"),
        "times": _("Times of day"),
        "hours_per_month": _("Hours a month"),
        "channel": _("How they like to meet"),
        "travel_km": _("How far they would travel"),
        "other_council": _("Their wish for another or their own council"),
        "time_zone": _("Time zone"),
        "available_from": _("Available from"),
        "available_until": _("Available until"),
        "line_manager": _("Line manager's e-mail address"),
        "not_with": _("Not to be matched with"),
        "biography": _("Biography"),
        "background": _("Career path or qualifications"),
        "interests": _("Interests"),
        "adjustments": _("Access needs and other notes"),
        "consent": _("Agreement to take part"),
        "submitted_at": _("When the form was sent"),
    }
)

MAY_COME_TWICE = frozenset(
    {
        "wants",
        "offers",
        "want_competencies",
        "offer_competencies",
        "service_area",
        "interests",
        "adjustments",
        "background",
    }
    | {"consent", "not_with", "languages"}
)
SECOND_IS: Mapping[str, str] = MappingProxyType({"email": "email_other", "name": "name_other"})
