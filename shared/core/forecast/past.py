"""What is remembered of a pool for forecasts: how its users left, and how long its hosts took. It is small,
whatever happens in the pool; what is old weighs less. Losing it harms nothing."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.core.forecast.leaving import AGES, WEEK, Leaving
from shared.core.forecast.spread import BINS, Spread

HALF_LIFE = timedelta(days=60)
"""What was observed so long ago weighs half."""
_AGES_EVERY = timedelta(days=1)
_MOST_KINDS = 20
_MOST_WEIGHT = 1e9


@dataclass(frozen=True, slots=True)
class Past:
    """``settling``: from the last session's end (or, without one, from going out) until the maintenance
    began. ``maintaining``: by kind of maintenance. ``back``: from its end until the host was back.
    ``signing_out``: from asking for a session's sign-out until it was gone. ``drains``: whole drains. ``at``: as of when the observations weigh what they do."""

    leaving: Leaving = field(default_factory=Leaving)
    settling: Spread = field(default_factory=Spread)
    maintaining: Mapping[str, Spread] = field(default_factory=dict)
    back: Spread = field(default_factory=Spread)
    signing_out: Spread = field(default_factory=Spread)
    drains: Spread = field(default_factory=Spread)
    at: datetime | None = None

    def of_kind(self, kind: str) -> Spread:
        return self.maintaining.get(kind, Spread())

    def with_kind(self, kind: str, took: timedelta) -> "Past":
        """With one more maintenance of this kind."""
        if kind not in self.maintaining and len(self.maintaining) >= _MOST_KINDS:
            return self
        after = self.of_kind(kind).with_one(took)
        return replace(self, maintaining={**self.maintaining, kind: after})

    def as_of(self, now: datetime) -> "Past":
        """The same, weighed as it is to be now; about once a day."""
        if self.at is None or now < self.at:
            return replace(self, at=now)
        if now - self.at < _AGES_EVERY:
            return self
        times = 0.5 ** ((now - self.at) / HALF_LIFE)
        return Past(
            self.leaving.aged(times),
            self.settling.aged(times),
            {kind: spread.aged(times) for kind, spread in self.maintaining.items()},
            self.back.aged(times),
            self.signing_out.aged(times),
            self.drains.aged(times),
            now,
        )


def is_sane(past: Past) -> bool:
    """Whether it may be reckoned with: what was spoilt counts as nothing."""
    leaving = past.leaving
    spreads = [past.settling, past.back, past.signing_out, past.drains, *past.maintaining.values()]
    ages = [*leaving.hours, *leaving.ends]
    weeks = [leaving.foreseen, leaving.came]
    return (
        all(len(row) == len(AGES) for row in ages)
        and all(len(row) == WEEK for row in weeks)
        and len(past.maintaining) <= _MOST_KINDS
        and all(0 <= place < BINS for spread in spreads for place in spread.bins)
        and all(_weighs(spread.bins.values()) for spread in spreads)
        and all(map(_weighs, [*ages, *weeks, (leaving.waited, abs(leaving.dwindled))]))
        and (past.at is None or past.at.tzinfo is not None)
    )


def _weighs(weights: Iterable[float]) -> bool:
    return all(math.isfinite(each) and 0 <= each <= _MOST_WEIGHT for each in weights)
