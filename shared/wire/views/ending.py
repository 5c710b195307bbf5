"""How a drain ended: the result of a drain that succeeded, the error of any other."""

from typing import NotRequired

from shared.core.drain.summary.overview import Overview
from shared.core.drain.summary.tally import Tally
from shared.core.host.host import HostRecord
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.wire.views.words import StatusWord, Time, View, time


class Coded(View):
    """A code for programs and a text for people."""

    code: str
    """For programs."""
    text: str
    """For people."""


class ResultView(View):
    """The result of a drain, in short, for a caller that waited for it."""

    id: str
    """The drain's id."""
    status: StatusWord
    """The drain's status at its end."""
    hostPool: str
    """The resource id of the host pool."""
    reason: str
    """The reason given in the request."""
    startedAt: Time | None
    """When the first host was taken out."""
    endedAt: Time | None
    """When the drain ended."""
    summary: dict[str, int]
    """How many hosts are in each phase."""
    attention: list[str]
    """The first hosts that need a person's attention, with the reason."""
    attentionCount: int
    """How many hosts need a person's attention."""


class Fault(View):
    """One fault: which field or host, and what is wrong with it."""

    code: str
    """For programs."""
    message: str
    """For people."""
    target: str
    """The field or the host."""


class ErrorBody(View):
    """What is wrong, for programs and for people."""

    code: str
    """For programs."""
    message: str
    """For people."""
    target: NotRequired[str]
    """The field, header or host."""
    details: NotRequired[list[Fault]]
    """Every fault, or every host."""


def attention(tally: Tally) -> list[str]:
    """The first hosts that need a person's attention, with the reason."""
    return [f"{host.name}: {host.text}" for host in tally.attention]


def counted(tally: Tally) -> dict[str, int]:
    """How many hosts are in each phase, by the name of the phase."""
    return {str(phase): number for phase, number in sorted(tally.phases.items())}


def outcome(host: HostRecord) -> Coded | None:
    """How a host ended. None: it has not ended."""
    if host.ending is None or not host.ended:
        return None
    return {"code": host.ending.code, "text": host.ending.text}


def result_resource(drain: Overview) -> ResultView:
    return {
        "id": drain.id,
        "status": drain.progress.status.value,
        "hostPool": drain.pool.resource_id,
        "reason": drain.reason,
        "startedAt": time(drain.progress.started_at),
        "endedAt": time(drain.progress.ended_at),
        "summary": counted(drain.tally),
        "attention": attention(drain.tally),
        "attentionCount": drain.tally.needing,
    }


def error_of(drain: Overview) -> ErrorBody:
    """A drain that failed or was canceled, as an error: which hosts to look at, and why."""
    tally = drain.tally
    details: list[Fault] = [
        {"code": host.code, "message": f"{host.name}: {host.text}", "target": host.name}
        for host in tally.unsuccessful
    ]
    of = f"{tally.of(Phase.DONE)} of {tally.hosts} hosts are done"
    first = f" (the first {len(details)} of {tally.bad})" if tally.bad > len(details) else ""
    if drain.progress.status is Status.CANCELED:
        why = f": {drain.cancel.why}" if drain.cancel is not None and drain.cancel.why else ""
        text = f"canceled{why}; {of}" + (f"; see details{first}" if first else "")
        return {"code": "DrainCanceled", "message": text, "details": details}
    return {
        "code": "DrainFailed",
        "message": f"{of}; see details for the others{first}",
        "target": details[0]["target"] if details else drain.id,
        "details": details,
    }
