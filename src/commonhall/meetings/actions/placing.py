from commonhall.meetings.models import Meeting
from commonhall.meetings.queries.rooms import place_for


def fill_place(meeting: Meeting) -> None:
    """Where nobody gave a place, the pair's usual one; what stands there already is never moved.

    For a meeting that is held by its caller, with its mentorship and people.
    """
    if not meeting.place and (place := place_for(meeting)):
        meeting.place = place
        meeting.save(update_fields=["place"])
