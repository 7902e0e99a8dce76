"""What the verb `demo` does and says."""

import argparse
import errno
import json
import os
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from commonhall.demo.actions.loading import load


def demo(options: argparse.Namespace) -> int:
    """The accounts are written before the region is kept: where they cannot be, nothing is."""
    path = Path(options.accounts or settings.DATA / "accounts.json").expanduser().absolute()
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    draft = path.with_name(f"{path.name}.part")
    call_command("migrate", verbosity=0)
    try:
        with transaction.atomic():
            accounts = load(number=options.people, seed=options.seed, say=lambda text: print(f"  {text}", flush=True))
            draft.write_text(json.dumps([asdict(account) for account in accounts], indent=2) + "\n")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    print(f"The accounts of {len(accounts)} people stand in {path}")
    return 0
