"""What somebody changed in their own calendar: proposed to the other, or put back as it was."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonhall.accounts.requests import Request
from commonhall.core.errors import Conflict
from commonhall.meetings.actions import booking, copies
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries.copies import differences
from commonhall.meetings.queries.times import with_people


def _mine(request: Request, pk: int) -> Meeting:
    return get_object_or_404(with_people(Meeting.objects.visible_to(request.user)).select_related("series"), pk=pk)


@require_POST
def propose(request: Request, pk: int) -> HttpResponse:
    meeting = _mine(request, pk)
    starts_at = next((one.starts_at for one in differences(request.user, only=meeting)), None)
    if starts_at is None:
        raise Conflict(_("It stands in your calendar as it was agreed by now. There is nothing to propose."))
    booking.offer_other_times(meeting, by=request.user, times=[starts_at], via="calendar")
    messages.success(request, _("Sent. It stays where it is until the other person accepts."))
    return redirect("meetings:list")


@require_POST
def put_back(request: Request, pk: int) -> HttpResponse:
    copies.put_back(_mine(request, pk), by=request.user)
    messages.success(request, _("In a moment it stands in your calendar again as it was agreed."))
    return redirect("meetings:list")
