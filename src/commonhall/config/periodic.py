"""What the clock starts by itself, and how often. Each task looks for what is missing and is safe to run twice."""

from datetime import timedelta

EVERY: dict[str, timedelta] = {}
