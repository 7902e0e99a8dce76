"""The lowest prices of an optimal choice, for libraries that give the choice alone."""

import numpy as np

from pairing.flow.market import Market
from pairing.solvers.arrays import Bools, Ints


def lowest(market: Market, pairs: Bools) -> Ints:
    """What one more place with each column would be worth.

    Prices rise from nothing, each time because a row would rather have another column at the present ones; with an
    optimal choice this ends.
    """
    prices = np.zeros(len(market.capacity), dtype=np.int64)
    used = np.bincount(market.rows[pairs], minlength=len(market.demand))
    served = used >= market.demand
    own = (market.rows[pairs], market.columns[pairs], market.gain[pairs])
    order = np.argsort(market.columns[~pairs], kind="stable")
    rows, columns, gain = (table[~pairs][order] for table in (market.rows, market.columns, market.gain))
    if not len(columns):
        return prices
    wanted, starts = np.unique(columns, return_index=True)
    while True:
        keeps = np.where(served, np.iinfo(np.int64).max // 4, 0)
        np.minimum.at(keeps, own[0], np.maximum(own[2] - prices[own[1]], 0))
        keeps[market.demand == 0] = np.iinfo(np.int64).max // 4
        bids = np.maximum.reduceat(gain - keeps[rows], starts)
        higher = np.maximum(prices[wanted], bids)
        if (higher == prices[wanted]).all():
            return prices
        prices[wanted] = higher
