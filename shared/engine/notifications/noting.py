"""Which notifications belong to what is about to be saved. If no rule exists, there are none and it
costs nothing. A failure here never stops the saving."""

from collections.abc import Callable, Iterable, Sequence

from shared.core.drain.happenings import Happening
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Claim, Drain
from shared.core.notifications.derived import Noted, of_entries, of_run, of_watchdog
from shared.core.notifications.rules import receivers_of
from shared.core.schedules.schedules import Run
from shared.core.values.hostpool import HostPoolId
from shared.engine.world.besteffort import all_or_none
from shared.engine.world.outside import Outside


def of_drain(outside: Outside, drain: Drain, entries: Sequence[Entry]) -> tuple[Noted, ...]:
    """The notifications about new history entries of a drain that some rule asks for."""
    return _wanted(outside, lambda: of_entries(drain, entries))


def of_claim(
    outside: Outside, claim: Claim, pool: HostPoolId, entries: Sequence[Entry]
) -> tuple[Happening, ...]:
    """The notifications about what the watchdog did that some rule asks for."""
    noted = _wanted(outside, lambda: of_watchdog(claim, pool, entries))
    return tuple(happening for _, happening in noted)


def of_schedule(outside: Outside, run: Run) -> Happening | None:
    """The notification about a run, made from its record. None: no rule asks for it."""
    if not outside.options.notifications.rules:
        return None
    made = all_or_none(lambda: (of_run(run, outside.options.address),))
    return next((h for h in made if h is not None and _is_wanted(outside, h)), None)


def _wanted(outside: Outside, make: Callable[[], Iterable[Noted]]) -> tuple[Noted, ...]:
    if not outside.options.notifications.rules:
        return ()
    return tuple(each for each in all_or_none(make) if _is_wanted(outside, each[1]))


def _is_wanted(outside: Outside, happening: Happening) -> bool:
    return bool(receivers_of(outside.options.notifications, happening))
