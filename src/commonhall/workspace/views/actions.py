"""What the people of a pair said they would do."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from commonhall.accounts.requests import Request
from commonhall.core.verdicts import require
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.queries import with_people as mentorships_with_people
from commonhall.workspace import rules
from commonhall.workspace.actions import actions as acts
from commonhall.workspace.forms.goals import ActionForm
from commonhall.workspace.models import Action, Note
from commonhall.workspace.queries.actions import to_do, with_people
from commonhall.workspace.queries.notes import with_people as notes_with_people


def _mine(request: Request, pk: int) -> Action:
    return get_object_or_404(with_people(Action.objects.visible_to(request.user)), pk=pk)


@require_http_methods(["GET", "POST"])
def actions(request: Request, mentorship_pk: int) -> HttpResponse:
    """What is to do, what is done, and a form for one more."""
    mine = mentorships_with_people(Mentorship.objects.of(request.user))
    mentorship = get_object_or_404(mine, pk=mentorship_pk)
    form = ActionForm(request.POST or None, mentorship=mentorship, user=request.user)
    if request.method == "POST" and form.is_valid():
        acts.add(mentorship, by=request.user, **form.cleaned_data)
        messages.success(request, _("Added."))
        return redirect("workspace:actions", mentorship_pk)
    context = {"mentorship": mentorship, "todo": to_do(mentorship, request.user), "form": form}
    context["can_add"] = rules.can_add(request.user, mentorship)
    return render(request, "workspace/actions.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def action_edit(request: Request, pk: int) -> HttpResponse:
    action = _mine(request, pk)
    require(rules.can_add(request.user, action.mentorship))
    initial = {"words": action.words, "owner": action.owner_id, "due_on": action.due_on}
    form = ActionForm(request.POST or None, mentorship=action.mentorship, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        acts.change(action, by=request.user, **form.cleaned_data)
        return redirect("workspace:actions", action.mentorship_id)
    context = {"action": action, "mentorship": action.mentorship, "form": form}
    return render(request, "workspace/action_edit.html", context, status=422 if form.errors else 200)


@require_POST
def action_done(request: Request, pk: int) -> HttpResponse:
    action = acts.finish(_mine(request, pk), by=request.user, done=request.POST.get("done") == "yes")
    return redirect("workspace:actions", action.mentorship_id)


@require_POST
def take_actions(request: Request, pk: int) -> HttpResponse:
    """The open tasks of a note as actions, in one step."""
    note = get_object_or_404(notes_with_people(Note.objects.visible_to(request.user)), pk=pk)
    number = len(acts.take_from_note(note, by=request.user))
    if not number:
        messages.info(request, _("There is no open task in the note that is not an action already."))
        return redirect("workspace:note", pk)
    made = ngettext("%(number)d action is made.", "%(number)d actions are made.", number)
    messages.success(request, made % {"number": number})
    return redirect("workspace:actions", note.mentorship_id)
