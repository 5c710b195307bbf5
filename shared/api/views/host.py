"""Where one host of a drain stands."""

from datetime import datetime
from typing import Annotated, TypedDict

from pydantic import Field, with_config

from shared.api.views.order import OrderView, order_view
from shared.core.drain.model import Control
from shared.core.host.host import HostRecord
from shared.core.users.deadlines import due_at
from shared.wire.views.ending import Coded, outcome
from shared.wire.views.words import CLOSED, PhaseWord, Time, time


@with_config(CLOSED)
class Waits(TypedDict):
    """What a host waits for, and since when."""

    code: str
    text: str
    since: Time | None


@with_config(CLOSED)
class Tag(TypedDict):
    """The exclusion tag of the scaling plan on a host's VM. `before` is null where it was absent."""

    name: str
    before: str | None
    setByUs: bool
    note: str | None


@with_config(CLOSED)
class MaintenanceView(TypedDict):
    begunAt: Time | None
    finishedAt: Time | None
    output: Annotated[str | None, Field(description="what a script printed, its end")]


@with_config(CLOSED)
class UserView(TypedDict):
    """A user session on a host."""

    user: str
    state: str
    since: Time | None
    disconnectedSince: Time | None
    warnedAt: Annotated[Time | None, Field(description="when the service accepted a message")]
    signedOutAt: Annotated[Time | None, Field(description="when a sign-out was asked for")]
    refused: str | None


@with_config(CLOSED)
class DeliveryView(TypedDict):
    """What came of one message to one user."""

    user: str
    at: Time | None
    message: int
    language: str | None
    result: str


@with_config(CLOSED)
class HostView(TypedDict):
    """Where one host stands."""

    name: str
    phase: PhaseWord
    since: Time | None
    sessions: int | None
    waitsFor: Waits | None
    allowNewSessionBefore: bool | None
    exclusionTag: Tag | None
    powerStateBefore: str | None
    maintenance: MaintenanceView
    batch: int | None
    outSince: Time | None
    deadline: Time | None
    outcome: Coded | None
    attention: Annotated[str | None, Field(description="why a person should look at it")]
    releaseAsked: Annotated[OrderView | None, Field(description="who said its maintenance is done")]
    skipAsked: Annotated[OrderView | None, Field(description="who said to leave it out after all")]
    users: list[UserView]
    messages: list[DeliveryView]


def host_view(control: Control, host: HostRecord, now: datetime) -> HostView:
    out = host.out_at is not None and not host.ended
    wait = host.wait if not host.ended else None
    released, skipped = control.released(host.key), control.skips.get(host.key)
    return {
        "name": host.name,
        "phase": host.phase.value,
        "since": time(host.since),
        "sessions": host.sessions_count,
        "waitsFor": None
        if wait is None
        else {"code": wait.code, "text": f"waits for {wait.text}", "since": time(wait.since)},
        "allowNewSessionBefore": host.before,
        "exclusionTag": None
        if host.tag is None or not host.tag.name
        else {
            "name": host.tag.name,
            "before": host.tag.before if host.tag.present else None,
            "setByUs": host.tag.asked,
            "note": host.tag.trouble or host.tag.note or None,
        },
        "powerStateBefore": host.stopped_before or None,
        "maintenance": {
            "begunAt": time(host.maintenance.begun_at),
            "finishedAt": time(host.maintenance.finished_at),
            "output": host.maintenance.output or None,
        },
        "batch": None if host.batch is None else host.batch + 1,
        "outSince": time(host.out_at) if out else None,
        "deadline": time(due_at(control, host, now)) if out else None,
        "outcome": outcome(host),
        "attention": host.attention or None,
        "releaseAsked": order_view(released) if released is not None else None,
        "skipAsked": order_view(skipped) if skipped is not None else None,
        "users": [
            {
                "user": s.user,
                "state": s.state,
                "since": time(s.first_seen_at),
                "disconnectedSince": time(s.disconnected_since),
                "warnedAt": time(s.warned_at),
                "signedOutAt": time(s.signed_out_at),
                "refused": s.refused or None,
            }
            for s in host.sessions
        ],
        "messages": [
            {
                "user": d.user,
                "at": time(d.at),
                "message": d.message,
                "language": d.language or None,
                "result": d.result,
            }
            for d in host.deliveries
        ],
    }
