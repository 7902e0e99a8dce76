"""Pairing where nobody holds the matrix: people in, blocks of scores, a plan with a bound over all pairs.

``search.solve`` takes a source of blocks, ``rounds.solve`` a problem of people.
"""
