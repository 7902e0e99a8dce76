"""`python -m bench.yardstick SESSION PATH TIMES`: what one page of the yardstick costs, as one line of JSON."""

import dataclasses
import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.yardstick.settings")
django.setup()

from bench import pages  # noqa: E402

found = pages.cost(sys.argv[1], sys.argv[2], int(sys.argv[3]))
print(json.dumps(dataclasses.asdict(found)))
