"""Probabilities, durations and limits of what is drawn."""

from random import Random

HOUR = 3600.0
TROUBLE_UNTIL = HOUR
"""No disturbance happens later: then everything must come to rest."""
CALLS = 400
"""About how many calls a night makes while it is disturbed."""
LONGEST_SIGN_IN = 15.0
"""Less than the time between two readings: no drain could know of a longer sign-in."""
MOST_SKEW = 2.0
MOST_JUMP = 20.0


def some(r: Random, chance: float) -> bool:
    return r.random() < chance


def minutes(r: Random, *choices: int) -> str:
    return f"PT{r.choice(choices)}M"
