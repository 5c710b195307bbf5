"""The forecast of when a campaign ends: from the forecasts of its running drains, and from how long
earlier drains of the other pools took."""

import heapq
from collections.abc import Mapping
from datetime import datetime, timedelta

from shared.core.drain.expected import Basis, Expected, Forecast, unknown
from shared.core.forecast.past import Past
from shared.core.forecast.spread import Table
from shared.core.host.status import ENDED
from shared.core.schedules.campaigns import Campaign, Slot
from shared.core.values.hostpool import HostPoolId
from shared.core.values.texts import count

_EVERY = timedelta(minutes=5)
"""How often the forecast is renewed."""
_FEWEST = 2
"""The fewest earlier drains of a pool from which its next one is forecast."""
_SHARES = (0.1, 0.5, 0.9)

_Spans = tuple[float, float, float]
"""In seconds: an early, a median and a late value."""


def is_due(before: Campaign, after: Campaign, now: datetime) -> bool:
    """Whether the stored forecast must be renewed."""
    known = after.forecast
    if known is None or before.pause != after.pause or before.stopped != after.stopped:
        return True
    if [slot.status for slot in before.slots] != [slot.status for slot in after.slots]:
        return True
    overtaken = known.whole.at is not None and known.whole.at <= now
    return overtaken or now - known.made_at >= _EVERY


def waiting_pools(campaign: Campaign) -> frozenset[str]:
    """The keys of pools whose drains have not begun and may still begin."""
    if campaign.stopped or campaign.cancel is not None:
        return frozenset()
    return frozenset(_pool(slot) for slot in campaign.slots if slot.status is None)


def forecast_of(
    campaign: Campaign,
    drains: Mapping[str, Forecast | None],
    pasts: Mapping[str, Past],
    now: datetime,
) -> Forecast | None:
    """The campaign's forecast; None if it has ended. ``drains``: the latest forecasts of its
    running drains, by id. ``pasts``: by pool key."""
    if campaign.status in ENDED:
        return None
    return Forecast(now, _whole(campaign, drains, pasts, now))


def _whole(
    campaign: Campaign,
    drains: Mapping[str, Forecast | None],
    pasts: Mapping[str, Past],
    now: datetime,
) -> Expected:
    if campaign.pause is not None:
        by = campaign.pause.by
        return unknown(f"it is paused by {by}, and goes on when somebody resumes it")
    no_more = bool(campaign.stopped) or campaign.cancel is not None
    basis, fewest, running = Basis.PAST, 10**9, 0
    ends = [0.0, 0.0, 0.0]
    for number, wave in enumerate(campaign.waves):
        spans: list[_Spans] = []
        for slot in campaign.of_wave(number):
            if slot.over or (slot.status is None and no_more):
                continue
            name = HostPoolId.parse(slot.pool).name
            if slot.status is None:
                past = pasts.get(_pool(slot), Past())
                if past.drains.count < _FEWEST:
                    return unknown(f"too few drains of pool '{name}' are remembered")
                spans.append(_shares(past.drains.table()))
                fewest = min(fewest, int(past.drains.count))
                continue
            known = drains.get(slot.drain)
            if known is None or known.whole.at is None:
                why = known.whole.because if known is not None else "no forecast was made of it yet"
                return unknown(f"the drain of pool '{name}': {why}")
            running += 1
            whole = known.whole
            if whole.basis is Basis.POLICY:
                basis = Basis.POLICY
            fewest = min(fewest, whole.observations)
            spans.append(_left(whole, now))
        for place in range(3):
            ends[place] = _end(ends[place], [span[place] for span in spans], wave.side_by_side)
    because = (
        f"from {count(running, 'drain')} that run, and what the other pools' drains took before"
    )
    earliest, at, latest = (now + timedelta(seconds=each) for each in ends)
    return Expected(at, earliest, latest, basis, fewest if fewest < 10**9 else 0, because)


def _end(begins: float, spans: list[float], side_by_side: int | None) -> float:
    """When a wave that begins then is over, if ``side_by_side`` of its drains run at once. In
    seconds from now."""
    if not spans:
        return begins
    places = [begins] * min(len(spans), side_by_side or len(spans))
    last = begins
    for span in spans:
        end = places[0] + span
        heapq.heapreplace(places, end)
        last = max(last, end)
    return last


def _left(whole: Expected, now: datetime) -> _Spans:
    found = [
        max(0.0, (at - now).total_seconds())
        for at in (whole.earliest, whole.at, whole.latest)
        if at is not None
    ]
    return found[0], found[len(found) // 2], found[-1]


def _shares(table: Table) -> _Spans:
    low, middle, high = (table[int(share * len(table))] for share in _SHARES)
    return low, middle, high


def _pool(slot: Slot) -> str:
    return HostPoolId.parse(slot.pool).key
