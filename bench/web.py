"""The product in a browser's eyes: what pages cost, how many fit on a core, and what the stack weighs.

Import only when Django is set up on a database of its own.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher
from django.db import connection

from bench import client, crowd, machine, pages, report, stack
from bench.crowd import Cookie, Crowd
from commonhall.accounts.models import User

DIRECTORY = "/programmes/people-{size}/mentors/"
APPLICANTS = "/programmes/people-{size}/applicants/"
KINDS = {"first page": "", "filtered": "?service=housing", "searched": "?q=flooding", "page 40": "?page=40"}
CPU_MS, QUERIES, DIRECTORY_QUERIES, DASHBOARD_QUERIES = 12, 15, 5, 10
DIRECTORY_BYTES, FIRST_LOAD, MEGABYTES, SIGN_IN_MS = 30_000, 100_000, 250, 60
COLD_START, AFTER_KILL, CORES, P95_MS = 2, 3, 0.7, 100
PEOPLE, EVERY = 500, 10.0


def lists(made: Crowd, times: int) -> dict[str, pages.Cost]:
    """Directory and applicants, for 10, 1,000 and 7,000 people."""
    report.heading("Directory and applicants: the same questions for any number of people")
    rows, found = [], {}
    for name, address, limit in (("directory", DIRECTORY, DIRECTORY_QUERIES), ("applicants", APPLICANTS, QUERIES)):
        for kind, query in KINDS.items():
            costs = {}
            for size in crowd.SIZES:
                path = address.format(size=size) + query
                who = made.readers[f"people-{size}"] if name == "directory" else made.coordinator
                costs[size] = found[f"{name}, {kind}", size] = pages.cost(who.session, path, times)
            counts = [str(cost.queries) for cost in costs.values()]
            spent = [f"{cost.least_ms:.1f}" for cost in costs.values()]
            mark = "" if max(cost.queries for cost in costs.values()) <= limit else "OVER"
            rows.append([f"{name}, {kind}", *counts, f"{limit} {mark}".strip(), *spent])
    sizes = [f"{size:,}" for size in crowd.SIZES]
    heads = ["queries and least CPU ms, by number of people", *sizes, "limit", *(f"{size} ms" for size in sizes)]
    report.table(heads, rows)
    largest = {name: cost for (name, size), cost in found.items() if size == max(crowd.SIZES)}
    print()
    for name, cost in largest.items():
        report.line(f"{name}, 7,000 people: CPU", cost.cpu_ms, "ms", CPU_MS, f"(least {cost.least_ms:.1f})")
    for name, cost in largest.items():
        most = DIRECTORY_BYTES if name.startswith("directory") else None
        report.line(f"{name}: HTML", cost.raw, "bytes", most, f"({cost.compressed:,} compressed)")
    return largest


def beside_django(made: Crowd, data: Path, times: int, count: int) -> None:
    """A plain Django project lists the same 20 mentors, from the same rows, with the same server and nothing else."""
    if connection.vendor != "sqlite":
        return
    report.heading("Beside plain Django: the same 20 rows, without filters, search, permissions or a page around them")
    path = DIRECTORY.format(size=7000)
    backend = "django.contrib.auth.backends.ModelBackend"
    reader = made.clickers[0]
    other = crowd.signed_in(User.objects.get(pk=reader.user), backend=backend)
    os.environ |= {"SECRET_KEY": settings.SECRET_KEY, "YARDSTICK_DATABASE": str(data / "commonhall.sqlite3")}
    theirs, ours = [], []
    for _turn in range(3):
        theirs.append(_yardstick_cost(other, path, times))
        ours.append(pages.cost(reader.session, path, times))
    with without_settings(), stack.commonhall(data) as running:
        our_rate, our_memory = _rate(running, [reader.session] * 4, path, count), running.memory()
    with without_settings(), stack.yardstick(other.session, path) as running:
        their_rate, their_memory = _rate(running, [other.session] * 4, path, count), running.memory()
    rows = [
        ("least CPU ms", min(one.least_ms for one in ours), min(one["least_ms"] for one in theirs)),
        ("CPU ms, median", median(one.cpu_ms for one in ours), median(one["cpu_ms"] for one in theirs)),
        ("queries", ours[0].queries, theirs[0]["queries"]),
        ("HTML bytes", ours[0].raw, theirs[0]["raw"]),
        ("pages per second of a core, real server", our_rate, their_rate),
        ("MB resident, whole stack", our_memory[0], their_memory[0]),
    ]
    cells = [[name, f"{mine:,.1f}", f"{plain:,.1f}", f"{mine / plain:.2f}"] for name, mine, plain in rows]
    report.table(["", "Commonhall", "plain Django", "ours / plain"], cells)


def _yardstick_cost(who: Cookie, path: str, times: int) -> dict[str, float]:
    with without_settings():
        command = [sys.executable, "-m", "bench.yardstick", who.session, path, str(times)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=stack.ROOT)
    return json.loads(done.stdout)


class without_settings:
    """What is started inside chooses its own settings."""

    def __enter__(self) -> None:
        self.kept = os.environ.pop("DJANGO_SETTINGS_MODULE")

    def __exit__(self, *_: object) -> None:
        os.environ["DJANGO_SETTINGS_MODULE"] = self.kept


def _rate(running: stack.Running, sessions: list[str], path: str, count: int) -> float:
    """Pages that one core could serve in a second: pages by the processor time that the whole stack used."""
    client.flat_out(running.port, sessions, path, 12)
    before = _processor(running)
    tally = client.flat_out(running.port, sessions, path, count)
    if tally.errors:
        raise RuntimeError(f"{path}: {tally.errors[0]}")
    return count / (_processor(running) - before)


def others(made: Crowd, times: int) -> None:
    """Every main page once: questions, processor time, bytes."""
    report.heading("Other pages")
    rows = []
    for who, path, limit in main_pages(made):
        cost = pages.cost(who, path, times)
        over = [" queries" * (cost.queries > limit), " CPU" * (cost.least_ms > CPU_MS)]
        marks = f"OVER:{''.join(over)}" if any(over) else ""
        figures = [str(cost.queries), str(limit), f"{cost.cpu_ms:.1f}", f"{cost.least_ms:.1f}", f"{cost.raw:,}"]
        rows.append([path, *figures, f"{cost.compressed:,}", marks])
    report.table(["page", "queries", "limit", "CPU ms", "least", "bytes", "compressed", ""], rows)


def main_pages(made: Crowd) -> list[tuple[str, str, int]]:
    person, coordinator = made.clickers[0].session, made.coordinator.session
    return [
        ("", "/", QUERIES),
        ("", "/accounts/login/", QUERIES),
        ("", "/programmes/p/people-7000/", QUERIES),
        (person, "/", DASHBOARD_QUERIES),
        (person, "/programmes/", QUERIES),
        (person, "/programmes/people-7000/", QUERIES),
        (person, "/mentorships/", QUERIES),
        (person, f"/mentorships/{made.pair}/", QUERIES),
        (person, "/meetings/", QUERIES),
        (person, "/people/me/", QUERIES),
        (person, "/people/me/exchange/", QUERIES),
        (person, "/notifications/", QUERIES),
        (person, "/accounts/", QUERIES),
        (person, "/my-data/", QUERIES),
        (coordinator, "/", DASHBOARD_QUERIES),
        (coordinator, "/programmes/", QUERIES),
        (coordinator, "/programmes/people-7000/", QUERIES),
        (coordinator, "/programmes/people-7000/organisations/", QUERIES),
        (coordinator, f"/matching/rounds/{made.round}/", QUERIES),
        (coordinator, f"/matching/rounds/{made.round}/without/", QUERIES),
    ]


def sign_in(times: int) -> None:
    """The password check alone, and the whole of a sign-in by password, each of somebody else."""
    report.heading("Sign-in")
    plain, ours = PBKDF2PasswordHasher(), get_hasher()
    encoded = {hasher: hasher.encode(crowd.PASSWORD, hasher.salt()) for hasher in (plain, ours)}
    spent = {
        hasher: median(_milliseconds(lambda one=hasher: one.verify(crowd.PASSWORD, encoded[one])) for _turn in range(5))
        for hasher in (ours, plain)
    }
    whole = []
    for user in User.objects.filter(email__startswith="person.").order_by("pk")[:times]:
        someone = pages.browser()
        someone.get("/accounts/login/")
        form = f"login={quote(user.email)}&password={crowd.PASSWORD}&csrfmiddlewaretoken={someone.cookies['csrftoken']}"
        before = time.process_time()
        answer = someone.post("/accounts/login/", form)
        whole.append((time.process_time() - before) * 1000)
        if answer.status != 302 or "sessionid" not in someone.cookies:
            raise RuntimeError(f"signing in answered {answer.status}")
    report.line("sign-in by password, whole: CPU", median(whole), "ms", SIGN_IN_MS)
    report.line("of it Argon2id", spent[ours], "ms")
    report.line(
        "Django's own PBKDF2 in the same run", spent[plain], "ms", None, f"{spent[plain] / spent[ours]:.0f} times"
    )


def _milliseconds(work: object) -> float:
    before = time.process_time()
    work()  # type: ignore[operator]
    return (time.process_time() - before) * 1000


def whole_stack(made: Crowd, data: Path, seconds: float, count: int) -> None:
    """`commonhall up`: from the cold, under 500 people who click, and after a kill."""
    report.heading("The whole stack: web, jobs, clock and database")
    with without_settings(), stack.commonhall(data, kill=True) as running:
        report.line("cold start to the first page", running.first_answer, "s", COLD_START, _of_processor(running))
        _warm(running, made)
        _memory("resident after warm-up", running)
        _first_loads(running, made)
        for name, path in (("directory", DIRECTORY), ("applicants", APPLICANTS)):
            who = made.clickers if name == "directory" else [made.coordinator]
            sessions = [cookie.session for cookie in who[:4]]
            rate = _rate(running, sessions, path.format(size=7000), count)
            report.line(f"{name}, 7,000 people: pages per second of a core", rate, "pages")
        if seconds:
            _crowd_clicks(running, made, seconds)
        _memory("resident after the run", running)
    with without_settings(), stack.commonhall(data) as running:
        report.line("first page after a kill", running.first_answer, "s", AFTER_KILL, _of_processor(running))


def _of_processor(running: stack.Running) -> str:
    return f"({running.processor:.1f} s of processor)"


def _warm(running: stack.Running, made: Crowd) -> None:
    for who, path, _limit in main_pages(made):
        status = stack.fetch(running.port, path, who)[0]
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")


def _memory(what: str, running: stack.Running) -> None:
    resident, shared_once = running.memory()
    database = sum(machine.memory(machine.tree(pid))[1] for pid in _postgres())
    note = f"(web and jobs {resident:.0f}, shared pages counted once {shared_once:.0f}, PostgreSQL {database:.0f})"
    report.line(what, resident + database, "MB", MEGABYTES, note)


def _processor(running: stack.Running) -> float:
    return sum(machine.processor(pid) for pid in (running.pid, *_postgres()))


def _postgres() -> list[int]:
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        folder = cursor.fetchone()[0]
    return [int(Path(folder, "postmaster.pid").read_text().split()[0])]


def _first_loads(running: stack.Running, made: Crowd) -> None:
    pages_of = [*main_pages(made), (made.clickers[0].session, DIRECTORY.format(size=7000), 0)]
    loads = [stack.first_load(running.port, path, who) for who, path, _limit in pages_of]
    heaviest = sorted(loads, key=lambda load: load.total, reverse=True)
    for load in heaviest[:5]:
        report.line(f"first load of {load.path}", load.total, "bytes", FIRST_LOAD, f"(of it HTML {load.html:,})")
    rest = heaviest[5:]
    report.told(f"first load of {len(rest)} other pages", f"{rest[-1].total:,} to {rest[0].total:,} bytes")


def _crowd_clicks(running: stack.Running, made: Crowd, seconds: float) -> None:
    size = max(crowd.SIZES)
    directory = DIRECTORY.format(size=size)
    words = ["flooding", "budgets", "housing", "elections", "payroll"]
    paths = ["/", directory, directory + "?page=3", directory + "?service=housing", f"/programmes/people-{size}/"]
    paths += [directory + f"?q={word}" for word in words] + [
        "/mentorships/",
        "/meetings/",
        "/people/me/",
        "/programmes/",
    ]
    before, started = _processor(running), time.perf_counter()
    tally = client.steadily(running.port, [one.session for one in made.clickers], paths, EVERY, seconds)
    used = (_processor(running) - before) / (time.perf_counter() - started)
    name = f"{len(made.clickers)} people, a click each {EVERY:.0f} s, {seconds:.0f} s long"
    report.line(f"{name}: cores in use", used, "cores", CORES, f"({len(tally.milliseconds)} pages)")
    report.line("their 95th percentile by the clock", tally.percentile(0.95), "ms", P95_MS, "(needs a quiet machine)")
    report.line("their errors", len(tally.errors), "errors", None, tally.errors[0] if tally.errors else "")
