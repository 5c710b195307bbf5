"""Judges notifications: the receiver is told of each drain that began or ended and of each host
that needed a person, whatever happened to the app or the receiver. What is given up is counted."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from shared.core.drain.happenings import Kind
from shared.core.drain.history.facts import FoundRestored, NeedsAttention, StatusChanged
from shared.core.host.status import ENDED, Status
from shared.core.notifications.lane import Lane
from shared.core.values.hostnames import host_key
from tests.nights.judges.known.court import Court
from tests.nights.script import Hang, Refusal

TOLD = "10 whoever is to be told is told"
NOTIFY = "notify"

type Thing = tuple[Kind, str]
"""A drain that began or ended, by its id; or a host that needs a person, or was put back by the
watchdog, by its key."""


def notified(court: Court, host: str, line: dict[str, Any], at: datetime) -> None:
    court.notified.append(line)


def told(court: Court, lane: Lane | None, now: datetime) -> None:
    """Judge notifications when everything has come to rest. ``lane`` is that of the one
    receiver."""
    if court.meddled:
        return  # notifications may be lost with the records
    if lane is not None and lane.waiting:
        court.breaks(TOLD, f"{len(lane.waiting)} wait for ever", now)
    came = _came(court)
    missing = [
        (kind, about)
        for (kind, about), at in _due(court).items()
        if (kind, about) not in came or (kind is Kind.HOST_ATTENTION and came[kind, about] < at)
    ]
    given_up = lane.given_up_count if lane is not None else 0
    if len(missing) > given_up:
        kind, about = missing[0]
        text = f"nobody was told: {kind} {about} ({len(missing)} missing, {given_up} given up)"
        court.breaks(TOLD, text, now)
    if given_up and not _for_long(court):
        court.breaks(TOLD, "something was given up, and the receiver was not away for long", now)
    if court.calm and not _troubled(court):
        for id_, times in Counter(line["id"] for line in court.notified).items():
            if times > 1:
                court.breaks(TOLD, f"{id_} was sent {times} times, and nothing failed", now)


def _due(court: Court) -> dict[Thing, datetime]:
    """What the receiver must have been told, and when each last happened."""
    found: dict[Thing, datetime] = {}
    for drain, entry in court.ledger.history():
        if drain in court.ledger.lost:
            continue
        match entry.fact:
            case StatusChanged(Status.NOT_STARTED, Status.RUNNING):
                thing = (Kind.DRAIN_STARTED, drain)
            case StatusChanged(_, after) if after in ENDED:
                thing = (Kind.DRAIN_ENDED, drain)
            case NeedsAttention() | FoundRestored():
                thing = (Kind.HOST_ATTENTION, entry.host)
            case _:
                continue
        found[thing] = max(entry.at, found.get(thing, entry.at))
    return found


def _came(court: Court) -> dict[Thing, datetime]:
    """What the receiver was told, and the latest time that each was about."""
    found: dict[Thing, datetime] = {}
    for thing, at in _items(court):
        found[thing] = max(at, found.get(thing, at))
    return found


def _items(court: Court) -> Iterator[tuple[Thing, datetime]]:
    for line in court.notified:
        kind = Kind(line["kind"])
        for item in line["items"]:
            host = kind is Kind.HOST_ATTENTION
            about = host_key(item["host"]) if host else item["drain"]
            yield (kind, about), datetime.fromisoformat(item["at"])


def _troubled(court: Court) -> bool:
    return bool(_troubles(court))


def _for_long(court: Court) -> bool:
    """Whether the receiver accepts nothing from some time on for ever."""
    return any(each.until is None for each in _troubles(court))


def _troubles(court: Court) -> list[Refusal | Hang]:
    script = court.script
    if script is None:
        return []
    found: list[Refusal | Hang] = [*script.refusals, *script.hangs]
    return [each for each in found if each.call == NOTIFY]
