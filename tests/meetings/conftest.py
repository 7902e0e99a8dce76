from datetime import UTC, datetime

import pytest


@pytest.fixture(autouse=True)
def monday_morning(time_machine):
    """Every test begins at one moment and its clock runs on, so that no minute ends between two lines."""
    time_machine.move_to(datetime(2026, 11, 23, 10, 0, 10, tzinfo=UTC))
