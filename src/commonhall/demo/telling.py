"""What the verb `demo` does and says."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from commonhall.demo.actions.loading import load


def demo(options: argparse.Namespace) -> int:
    call_command("migrate", verbosity=0)
    accounts = load(number=options.people, seed=options.seed, say=lambda text: print(f"  {text}", flush=True))
    path = Path(options.accounts or settings.DATA / "accounts.json")
    path.write_text(json.dumps([asdict(account) for account in accounts], indent=2) + "\n")
    print(f"The accounts of {len(accounts)} people stand in {path}")
    return 0
