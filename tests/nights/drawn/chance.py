"""How often, how long, how late."""

from random import Random

HOUR = 3600.0
TROUBLE_UNTIL = HOUR
"""Nothing is disturbed later: then all must come to rest."""
CALLS = 400
"""A night makes about so many calls while it is disturbed."""
LONGEST_SIGN_IN = 15.0
"""Less than two readings are apart: a longer one no drain could know of."""
MOST_SKEW = 2.0
MOST_JUMP = 20.0


def some(r: Random, chance: float) -> bool:
    return r.random() < chance


def minutes(r: Random, *choices: int) -> str:
    return f"PT{r.choice(choices)}M"
