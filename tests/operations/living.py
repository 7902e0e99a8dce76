"""A whole installation in a directory of its own, run by the command as an operator runs it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 40.0
MIGRATE = "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
SETTINGS = {"DJANGO_SETTINGS_MODULE": "commonhall.config.settings"}


class Installation:
    def __init__(self, data: Path, database_url: str = "", python: str = sys.executable) -> None:
        self.data, self.python, self.started = data, python, []
        self.port = free_port()
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("TEST_")}
        for name in ("SECRET_KEY", "DJANGO_SETTINGS_MODULE", "DATABASE_URL", "MAIL_URL"):
            self.env.pop(name, None)
        self.env |= {"COMMONHALL_DATA": str(data), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        if database_url:
            self.env["DATABASE_URL"] = database_url

    def run(self, *verb: str, **env: str) -> "subprocess.CompletedProcess[str]":
        command = [self.python, "-m", "commonhall", *verb]
        return subprocess.run(command, env=self.env | env, capture_output=True, text=True, timeout=120, cwd=self.data)

    def start(self, *verb: str) -> "subprocess.Popen[str]":
        return self._start("-m", "commonhall", *verb)

    def start_python(self, code: str) -> "subprocess.Popen[str]":
        return self._start("-c", f"import django; django.setup()\n{code}")

    def _start(self, *arguments: str) -> "subprocess.Popen[str]":
        child = subprocess.Popen(
            [self.python, *arguments],
            env=self.env | SETTINGS,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.data,
        )
        self.started.append(child)
        return child

    def up(self) -> "subprocess.Popen[str]":
        child = self.start("up", "--port", str(self.port))
        until(lambda: child.poll() is not None or self.get("/healthz")[0] == 200, "the pages do not answer")
        assert child.poll() is None, child.stdout.read()
        return child

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def readiness(self) -> dict[str, Any]:
        return json.loads(self.get("/readyz")[1])

    def python_says(self, code: str) -> str:
        """What a few lines of code print in this installation, after Django is set up."""
        done = subprocess.run(
            [self.python, "-c", f"import django; django.setup()\n{code}"],
            env=self.env | SETTINGS,
            capture_output=True,
            text=True,
            timeout=60,
            cwd=self.data,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def end(self, child: "subprocess.Popen[str]", number: int = signal.SIGTERM) -> tuple[int, str]:
        child.send_signal(number)
        said, _nothing = child.communicate(timeout=PATIENCE)
        return child.returncode, said

    def close(self) -> None:
        for child in self.started:
            if child.poll() is None:
                child.kill()
            child.wait(10)
            if child.stdout:
                child.stdout.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Any, otherwise: str, seconds: float = PATIENCE) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, otherwise
        time.sleep(0.05)
