"""scipy's linear program, for where no flow library is installed. A flow's optimum is whole by itself."""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from pairing.flow import prices
from pairing.flow.market import Chosen, Market

name = "scipy"


def solve(market: Market) -> Chosen:
    """At most the demand per row and the capacity per column, each pair at most once."""
    count = len(market.rows)
    if not count:
        return Chosen(np.zeros(0, dtype=bool), np.zeros(len(market.capacity), dtype=np.int64))
    ones, cells = np.ones(count), np.arange(count)
    matrix = vstack([
        csr_array((ones, (market.rows, cells)), shape=(len(market.demand), count)),
        csr_array((ones, (market.columns, cells)), shape=(len(market.capacity), count)),
    ])  # fmt: skip
    most = np.concatenate([market.demand, market.capacity])
    scale = max(1.0, float(np.abs(market.gain).max()))
    found = linprog(-market.gain / scale, A_ub=matrix, b_ub=most, bounds=(0.0, 1.0), method="highs-ds")
    chosen = found.x > 0.5
    return Chosen(chosen, prices.lowest(market, chosen))
