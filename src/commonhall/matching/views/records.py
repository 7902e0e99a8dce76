"""About one run: whether it comes out the same again, its record as a file, and the report for the register."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from commonhall.core.verdicts import require
from commonhall.matching.actions import scenarios
from commonhall.matching.models import Run
from commonhall.matching.queries import records, rounds
from commonhall.matching.rules import can_begin_round


def _run(request: HttpRequest, pk: int) -> Run:
    return get_object_or_404(rounds.runs_visible_to(request.user), pk=pk)


def repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """A run and, when asked, whether it comes out the same again."""
    the_run = _run(request, pk)
    same = None
    if request.method == "POST":
        require(can_begin_round(request.user, the_run.scenario.round.programme))
        same = scenarios.repeat(the_run)
    return render(request, "matching/run.html", _frame(the_run) | {"same": same})


def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The record as a file."""
    the_run = _run(request, pk)
    disposition = f'attachment; filename="{file_name(the_run)}"'
    content = records.filed(the_run).text
    return HttpResponse(content, content_type="application/json", headers={"Content-Disposition": disposition})


def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report for the register of algorithms in public use, to read and to print."""
    the_run = _run(request, pk)
    return render(request, "matching/report.html", _frame(the_run) | records.report(the_run))


def _frame(run: Run) -> dict[str, object]:
    round = run.scenario.round
    command = f"python -m pairing repeat {file_name(run)}"
    return {"run": run, "round": round, "programme": round.programme, "command": command}


def file_name(run: Run) -> str:
    return f"run-{run.pk}.json"
