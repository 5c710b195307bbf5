"""What came of a drain: the result of one that was well, the error of another."""

from collections import Counter
from typing import NotRequired, TypedDict

from pydantic import with_config

from shared.core.drain.model import Drain
from shared.core.host.host import HostRecord
from shared.core.host.status import Status
from shared.wire.views.words import CLOSED, PhaseWord, StatusWord, Time, time


@with_config(CLOSED)
class Coded(TypedDict):
    """A code for machines and a text for people."""

    code: str
    """For machines."""
    text: str
    """For people."""


@with_config(CLOSED)
class HostOutcome(TypedDict):
    """How one host's part ended."""

    name: str
    """The session host's name."""
    phase: PhaseWord
    """In which phase it ended."""
    outcome: Coded | None
    """How it ended, and why."""
    attention: str | None
    """Why a person should look at it."""


@with_config(CLOSED)
class ResultView(TypedDict):
    """What came of a drain: short, for a caller that waited for it."""

    id: str
    """The drain's id."""
    status: StatusWord
    """How it ended."""
    hostPool: str
    """The host pool's resource id."""
    reason: str
    """Why it was asked for."""
    startedAt: Time | None
    """When the first host went out."""
    endedAt: Time | None
    """When the last host was done with."""
    summary: dict[str, int]
    """How many hosts are in each phase."""
    attention: list[str]
    """Hosts a person should look at, and why."""
    hosts: list[HostOutcome]
    """How each host's part ended."""


@with_config(CLOSED)
class Fault(TypedDict):
    """One thing that is wrong: which field or host, and what."""

    code: str
    """For machines."""
    message: str
    """For people."""
    target: str
    """Which field or host."""


@with_config(CLOSED)
class ErrorBody(TypedDict):
    """What is wrong, for machines and for people."""

    code: str
    """For machines."""
    message: str
    """For people."""
    target: NotRequired[str]
    """Which field, header or host."""
    details: NotRequired[list[Fault]]
    """Every fault, or every host."""


def attention(drain: Drain) -> list[str]:
    """The hosts that a person should look at, and why."""
    return [f"{host.name}: {host.attention}" for host in drain.hosts if host.attention]


def outcome(host: HostRecord) -> Coded | None:
    if host.ending is None or not host.ended:
        return None
    return {"code": host.ending.code, "text": host.ending.text}


def result_resource(drain: Drain) -> ResultView:
    progress, control = drain.progress, drain.control
    return {
        "id": drain.id,
        "status": progress.status.value,
        "hostPool": control.pool.resource_id,
        "reason": control.reason,
        "startedAt": time(progress.started_at),
        "endedAt": time(progress.ended_at),
        "summary": dict(sorted(Counter(str(host.phase) for host in drain.hosts).items())),
        "attention": attention(drain),
        "hosts": [
            {
                "name": host.name,
                "phase": host.phase.value,
                "outcome": outcome(host),
                "attention": host.attention or None,
            }
            for host in drain.hosts
        ],
    }


def error_of(drain: Drain) -> ErrorBody:
    """What a drain that failed or was canceled is told as: which hosts to look at, and why."""
    hosts = [h for h in drain.hosts if h.ending is not None and h.phase in _BAD]
    details: list[Fault] = [
        {"code": h.ending.code, "message": f"{h.name}: {h.ending.text}", "target": h.name}
        for h in hosts
        if h.ending is not None
    ]
    done = sum(host.phase == "done" for host in drain.hosts)
    of = f"{done} of {len(drain.hosts)} hosts are done"
    if drain.progress.status is Status.CANCELED:
        order = drain.control.cancel
        why = f": {order.why}" if order is not None and order.why else ""
        return {"code": "DrainCanceled", "message": f"canceled{why}; {of}", "details": details}
    return {
        "code": "DrainFailed",
        "message": f"{of}; see details for the others",
        "target": hosts[0].name if hosts else drain.id,
        "details": details,
    }


_BAD = frozenset({"failed", "canceled", "skipped"})
