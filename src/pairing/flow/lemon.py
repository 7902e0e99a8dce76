"""LEMON's network simplex, by `pylmcf`: exact, small, and it gives prices with the choice."""

import numpy as np
from pylmcf import Graph

from pairing.flow.market import Chosen, Market

name = "pylmcf"


def solve(market: Market) -> Chosen:
    """One node per row and column and one where everything ends; a row's way past all columns costs its whole gain."""
    rows, columns, pairs = len(market.demand), len(market.capacity), len(market.rows)
    end = rows + columns
    every_row, every_column = np.arange(rows), np.arange(columns)
    starts = np.concatenate([market.rows, every_row, rows + every_column])
    ends = np.concatenate([market.columns + rows, np.full(rows + columns, end)])
    room = np.concatenate([np.ones(pairs, dtype=np.int64), market.demand, market.capacity])
    most = max(0, int(market.gain.max(initial=0)))
    cost = np.concatenate([most - market.gain, np.full(rows, most), np.zeros(columns, dtype=np.int64)])
    order = np.lexsort((ends, starts))
    graph = Graph(end + 1, starts[order].astype(np.int32), ends[order].astype(np.int32))
    graph.set_node_supply(np.concatenate([market.demand, np.zeros(columns, np.int64), [-market.demand.sum()]]))
    graph.set_edge_capacities(room[order])
    graph.set_edge_costs(cost[order])
    graph.solve()
    flow = np.empty(len(order), dtype=np.int64)
    flow[order] = graph.result()
    potential = graph.raw_potentials()
    price = np.maximum(potential[end] - potential[rows:end], 0)
    return Chosen(flow[:pairs] > 0, np.where(flow[pairs + rows :] < market.capacity, 0, price))
