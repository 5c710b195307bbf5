"""When hosts may go out: the maintenance windows ahead, as seconds from now."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.core.drain.model import Control
from shared.core.values.window import AtWindowEnd, current, following

_MOST = 15
"""Windows that are looked at ahead."""


@dataclass(frozen=True, slots=True)
class Openings:
    """``spans``: when the windows begin and end; None: always open. ``takes``: so long before its end no
    host goes out any more. After ``until`` none goes out at all: who has not gone is left alone."""

    spans: tuple[tuple[float, float], ...] | None
    takes: float
    until: float

    def first(self, at: float) -> float:
        """The first moment from then on at which a host may go out; infinite: none."""
        if self.spans is not None:
            fitting = (max(at, a) for a, b in self.spans if max(at, a) + self.takes <= b)
            at = next(fitting, math.inf)
        return at if at < self.until else math.inf


def openings_of(control: Control, since: datetime, takes: timedelta, now: datetime) -> Openings:
    """``since``: since when the hosts wait; ``takes``: how long one is held to take."""
    policy, window = control.policy, control.policy.window
    if window is None:
        return Openings(None, 0.0, (since + policy.start_within - now).total_seconds())
    zone = window.time_zone or control.zone
    spans = []
    here = current(window, now, zone)
    if here is not None:
        spans.append(((here.starts - now).total_seconds(), (here.ends - now).total_seconds()))
    at = now
    carries = window.at_end is AtWindowEnd.CARRY_OVER
    while len(spans) < (_MOST if carries else 1):
        here = following(window, at, zone)
        spans.append(((here.starts - now).total_seconds(), (here.ends - now).total_seconds()))
        at = here.starts
    if carries:
        until = (control.asked.at + window.carry_for - now).total_seconds()
        return Openings(tuple(spans), takes.total_seconds(), until)
    begins, ends = spans[0]
    begun = max(since, now + timedelta(seconds=begins)) + policy.start_within
    until = min(ends, (begun - now).total_seconds())
    return Openings(tuple(spans), takes.total_seconds(), until)
