"""Judges promise 9 against the world: what the app tells a person must be true. Each text that
names a cause is compared with what truly happened: a reading that failed, a write that was refused,
a VM that runs."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.core.host.host import HostRecord
from shared.errors import ThrottledError
from tests.nights.judges.known.court import SAYS_WHY, Court
from tests.nights.judges.known.facts import HostNow
from tests.nights.world.faults import PlantedError

_READINGS = {
    "the pool's hosts": "hosts",
    "the pool's sessions": "sessions",
    "the host pool": "pool",
    "its VM's state": "machine",
    "its VM's tags": "tags",
    "the operation on its VM": "operation",
    "its script": "script",
}
_OF_POOL = ("hosts", "sessions", "pool", "operation")
"""Readings whose calls do not name a host."""


@dataclass(frozen=True, slots=True)
class _Case:
    court: Court
    host: HostRecord
    now: HostNow | None
    """The host as it is in the end. None: it is not listed any more."""
    found: "re.Match[str]"


def truthful(court: Court, host: HostRecord, here: HostNow | None, now: datetime) -> None:
    """Judge the text about a host that has ended."""
    if host.ending is None or not (
        host.ending.attention or "could not be read" in host.ending.text
    ):
        return
    text = host.ending.text
    for pattern, is_so in _CLAIMS:
        found = pattern.search(text)
        if found is not None and not is_so(_Case(court, host, here, found)):
            court.breaks(SAYS_WHY, f"of {host.key} it is told '{text[:200]}', which is not so", now)


def _unread(case: _Case) -> bool:
    """A reading of that name failed, or showed something that cannot be interpreted."""
    what = case.found[1]
    if what == "its drain mode":
        return _spelt(case, "no drain mode")
    call = _READINGS[what]
    return bool(case.court.failures.of((call,), "" if call in _OF_POOL else case.host.key))


def _spelt(case: _Case, *whats: str) -> bool:
    script = case.court.script
    spells = script.spells if script is not None else ()
    return any(s.what in whats and case.host.key.startswith(s.host) for s in spells)


def _refused(*calls: str) -> Callable[[_Case], bool]:
    """The write was refused, and not only throttled."""

    def is_so(case: _Case) -> bool:
        failed = case.court.failures.of(calls, case.host.key)
        return any(not isinstance(f.error, ThrottledError) for f in failed)

    return is_so


def _refused_for_good(case: _Case) -> bool:
    failed = case.court.failures.of(("set_allow_new_session", "set_tag"), case.host.key)
    return any(failure.final for failure in failed)


def _not_turned_on(case: _Case) -> bool:
    contested = case.host.key in case.court.facts.opened_by_others
    refused = case.court.failures.of(("set_allow_new_session",), case.host.key)
    held_up = case.court.held_up(case.host.key)  # it waited, and no instance was alive to look
    return bool(refused) or contested or held_up or _spelt(case, "no drain mode")


def _runs(case: _Case) -> bool:
    """Its VM runs in the end; or somebody deleted it later, another drain stopped it, or it cannot
    be known."""
    court, here = case.court, case.now
    script = court.script
    deleted = script is not None and any(
        d.what == "destroy VM" and case.host.key.startswith(d.host) for d in script.disturbances
    )
    if here is None or here.power == "running" or deleted:
        return True
    others = [d for d, key, what in court.effects if key == case.host.key and what != "start"]
    return len(set(others)) > 1


def _not_seen_to_stop(case: _Case) -> bool:
    """Its VM still runs; or neither the operation nor the VM could be read, or the response was
    lost."""
    failures = case.court.failures
    unseen = failures.of(("machine", "power"), case.host.key) or failures.of(("operation",))
    return _runs(case) or bool(unseen)


def _hindered(case: _Case) -> bool:
    """Something kept the app from its VM: a failed reading or request, or missing information."""
    failures = case.court.failures
    failed = failures.of(("machine", "power"), case.host.key) or failures.of(("operation", "hosts"))
    untold = _spelt(case, "no power state", "no VM", "no drain mode")
    return bool(failed) or untold or bool(failures.crashes) or case.court.held_up(case.host.key)


def _foreseen_by_nobody(case: _Case) -> bool:
    script = case.court.script
    planted = (
        script is None
        or any(r.kind == "odd" for r in script.refusals_of_the_estate)
        or script.bad_rules
    )
    return bool(planted) and case.found[1] == PlantedError.__name__


def _contested(case: _Case) -> bool:
    return case.host.key in case.court.facts.opened_by_others


def _not_well(case: _Case) -> bool:
    facts, host = case.court.facts, case.host
    gone = host.key in facts.registered_at  # then nothing of it is known any more
    if gone or host.key in facts.down or _spelt(case, "no heartbeat", "an unheard-of status"):
        return True
    usable_at, out_at = facts.usable_at.get(host.key), host.out_at
    return usable_at is not None and out_at is not None and usable_at >= out_at


_CLAIMS: tuple[tuple[re.Pattern[str], Callable[[_Case], bool]], ...] = (
    (re.compile(rf"({'|'.join([*_READINGS, 'its drain mode'])}) could not be read"), _unread),
    (re.compile(r"drain mode refused: "), _refused_for_good),
    (re.compile(r"drain mode could not be turned on"), _not_turned_on),
    (re.compile(r"(restart|redeploy|deallocate|start|powerOff) refused: "), _refused("power")),
    (re.compile(r"it is not as it was before: "), _refused_for_good),
    (re.compile(r"could not be started in time"), _hindered),
    (re.compile(r"which was stopped before, was not seen to stop"), _not_seen_to_stop),
    (re.compile(r"which was stopped before, runs on"), _runs),
    (re.compile(r"its steps failed: (\w+)"), _foreseen_by_nobody),
    (re.compile(r"drain mode was turned off \d+ times by someone else"), _contested),
    (re.compile(r"not well in time: "), _not_well),
)
