import pytest

from pairing import constraints, criteria


@pytest.fixture
def own_names():
    """Whatever a test registers is gone afterwards."""
    before = set(criteria.CRITERIA), set(constraints.REGISTERED)
    yield
    for name in set(criteria.CRITERIA) - before[0]:
        del criteria.CRITERIA[name]
    for name in set(constraints.REGISTERED) - before[1]:
        del constraints.REGISTERED[name], constraints.BIT[name], constraints.OBSTACLES[name]
