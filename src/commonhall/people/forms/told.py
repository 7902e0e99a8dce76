"""What a person has told us, as the forms want it."""

from typing import Any

from commonhall.organisations.queries import suggested
from commonhall.people.forms.profile import as_typed
from commonhall.people.forms.times import as_spans
from commonhall.people.models import Profile, Topic
from commonhall.people.time_words import weeks_of


def initial(profile: Profile) -> dict[str, Any]:
    topics = list(profile.topics.all()) if profile.pk else []
    by_purpose = {
        purpose: as_typed([topic for topic in topics if topic.purpose == purpose]) for purpose in Topic.Purpose.values
    }
    user = profile.user
    membership = getattr(user, "membership", None)
    organisation = membership.organisation if membership else suggested(user)
    texts = ("pronouns", "job_title", "service_area", "level", "can_help", "want_to_learn", "biography")
    more = ("career_path", "qualifications", "languages", "channels", "adjustments")
    times = ("holiday_country", "holiday_region", "works_on_holidays", "term_time_only")
    around = ("notice_hours", "buffer_minutes", "most_minutes_a_day")
    return {
        **{name: getattr(profile, name) for name in (*texts, *more, *times, *around)},
        "name": user.name,
        "time_zone": user.time_zone,
        "organisation": organisation.name if organisation else "",
        "offers": by_purpose["offer"],
        "wants": by_purpose["want"],
        "interests": by_purpose["interest"],
        "hours": as_spans(weeks_of(profile)[0]),
    }
