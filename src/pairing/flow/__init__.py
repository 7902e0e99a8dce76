"""Min-cost flow behind one interface: `market.Market` in, `market.Chosen` out, whichever library is there."""
