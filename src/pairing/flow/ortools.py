"""OR-tools' SimpleMinCostFlow: the other implementation. It gives no prices; they are found from its choice."""

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from pairing.flow import prices
from pairing.flow.market import Chosen, Market

name = "ortools"


def solve(market: Market) -> Chosen:
    """The same network as for LEMON; costs may be negative here."""
    rows, columns, pairs = len(market.demand), len(market.capacity), len(market.rows)
    end = rows + columns
    network = SimpleMinCostFlow()
    network.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([market.rows, np.arange(rows), np.arange(rows, end)]),
        np.concatenate([market.columns + rows, np.full(end, end)]),
        np.concatenate([np.ones(pairs, dtype=np.int64), market.demand, market.capacity]),
        np.concatenate([-market.gain, np.zeros(end, dtype=np.int64)]),
    )
    supplies = np.concatenate([market.demand, np.zeros(columns, dtype=np.int64), [-market.demand.sum()]])
    network.set_nodes_supplies(np.arange(end + 1), supplies)
    status = network.solve()
    if status != network.OPTIMAL:
        raise RuntimeError(f"the flow could not be solved: {status}")
    chosen = network.flows(np.arange(pairs)) > 0
    return Chosen(chosen, prices.lowest(market, chosen))
