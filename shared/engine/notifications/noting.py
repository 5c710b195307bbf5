"""What is to be told of what is about to be saved: nothing, and at no cost, where no rule speaks of it. Whatever goes
wrong here keeps nothing from being saved."""

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
    return _wanted(outside, lambda: of_entries(drain, entries))


def of_claim(
    outside: Outside, claim: Claim, pool: HostPoolId, entries: Sequence[Entry]
) -> tuple[Happening, ...]:
    noted = _wanted(outside, lambda: of_watchdog(claim, pool, entries))
    return tuple(happening for _, happening in noted)


def of_schedule(outside: Outside, run: Run) -> Happening | None:
    """What is to be told of a run, made of its record."""
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
