"""What the engine refuses, in sentences that a coordinator can act on."""


class PairingError(Exception):
    """The base of everything that `pairing` refuses. `str(error)` is a sentence for people."""


class BadProblem(PairingError):
    """The question itself cannot be read: a number that is not one, an id used twice, no weight at all."""


class Infeasible(PairingError):
    """The question is sound, but two of its demands contradict each other; the sentence names them."""


class OutOfTime(Infeasible):
    """No plan was found in the time allowed, which does not say that there is none."""
