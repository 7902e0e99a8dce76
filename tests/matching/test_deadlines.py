from datetime import UTC, date, datetime

import pytest

from commonhall.matching.deadlines import after, after_day


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (datetime(2026, 11, 16, 9, tzinfo=UTC), 3, datetime(2026, 11, 19, 9, tzinfo=UTC)),
        (datetime(2026, 11, 19, 9, tzinfo=UTC), 3, datetime(2026, 11, 24, 9, tzinfo=UTC)),
        (datetime(2026, 11, 21, 9, tzinfo=UTC), 1, datetime(2026, 11, 23, 9, tzinfo=UTC)),
        (datetime(2026, 11, 21, 9, tzinfo=UTC), 0, datetime(2026, 11, 23, 9, tzinfo=UTC)),
        (datetime(2026, 11, 16, 9, tzinfo=UTC), 6, datetime(2026, 11, 24, 9, tzinfo=UTC)),
    ],
)
def test_weekends_do_not_count(start, days, end):
    assert after(start, days) == end


def test_after_a_pause_the_days_are_counted_from_its_last_day():
    offered = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
    assert after_day(date(2026, 12, 4), 3, offered) == datetime(2026, 12, 9, 9, 30, tzinfo=UTC)
