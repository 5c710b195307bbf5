"""Where one host of a drain stands."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from shared.api.views.drains.expected import ExpectedView, expected_view
from shared.api.views.drains.order import OrderView, order_view
from shared.core.drain.expected import Expected
from shared.core.drain.model import Control
from shared.core.host.host import HostRecord
from shared.core.users.deadlines import due_at
from shared.core.users.naming import naming_of
from shared.wire.views.ending import Coded, outcome
from shared.wire.views.words import PhaseWord, Time, View, time


class Waits(View):
    """What a host waits for, and since when."""

    code: str
    """What it waits for, for machines."""
    text: str
    """What it waits for, for people."""
    since: Time | None
    """Since when it waits."""


class Tag(View):
    """The exclusion tag of the scaling plan on a host's VM. `before` is null where it was absent."""

    name: str
    """The tag's name."""
    before: str | None
    """Its value before the drain."""
    setByUs: bool
    """Whether the drain asked for it to be set."""
    note: str | None
    """What went otherwise than meant."""


class MaintenanceView(View):
    """When the maintenance of a host began and ended."""

    begunAt: Time | None
    """When it began."""
    finishedAt: Time | None
    """When it was over."""
    output: Annotated[str | None, Field(description="what a script printed, its end")]


class UserView(View):
    """A user session on a host."""

    user: str
    """Who it is, as the setting `USER_NAMES` has it."""
    state: str
    """The session's state, in the service's words."""
    since: Time | None
    """When it was first seen."""
    disconnectedSince: Time | None
    """Since when nobody is connected."""
    warnedAt: Annotated[Time | None, Field(description="when the service accepted a message")]
    signedOutAt: Annotated[Time | None, Field(description="when a sign-out was asked for")]
    refused: str | None
    """Why the service refused to do something with the session."""


class DeliveryView(View):
    """What came of one message to one user."""

    user: str
    """To whom it went, as the setting `USER_NAMES` has it."""
    at: Time | None
    """When it was sent."""
    message: int
    """Which message of the policy, counted from 0."""
    language: str | None
    """The language it was sent in."""
    result: str
    """What the service said to it."""


class HostView(View):
    """Where one host stands."""

    name: str
    """The session host's name."""
    phase: PhaseWord
    """How far it is."""
    since: Time | None
    """Since when it is in this phase."""
    sessions: int | None
    """How many sessions were counted at the last look; null if that is not known."""
    waitsFor: Waits | None
    """What it waits for; null if it waits for nothing."""
    allowNewSessionBefore: bool | None
    """Whether it took new sessions before the drain; null if that is not known."""
    exclusionTag: Tag | None
    """What was done with the tag that scaling plans heed."""
    powerStateBefore: str | None
    """The power state that it is put back to; null: it ran."""
    maintenance: MaintenanceView
    """When its maintenance began and ended."""
    batch: int | None
    """With which others it went out, counted from 1; null where there are no batches."""
    outSince: Time | None
    """Since when it takes no new sessions; null if it does."""
    deadline: Time | None
    """When users must be gone at the latest."""
    expectedEnd: ExpectedView | None
    """When it is expected to be back; null once it has ended."""
    outcome: Coded | None
    """How it ended, and why."""
    attention: Annotated[str | None, Field(description="why a person should look at it")]
    releaseAsked: Annotated[OrderView | None, Field(description="who said its maintenance is done")]
    skipAsked: Annotated[OrderView | None, Field(description="who said to leave it out after all")]
    users: list[UserView]
    """Who was seen on it."""
    messages: list[DeliveryView]
    """What came of each message to a user."""


def host_view(
    control: Control, host: HostRecord, now: datetime, expected: Expected | None
) -> HostView:
    out = host.out_at is not None and not host.ended
    wait = host.wait if not host.ended else None
    naming = naming_of(control)
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
        "expectedEnd": expected_view(expected, now),
        "outcome": outcome(host),
        "attention": host.attention or None,
        "releaseAsked": order_view(released) if released is not None else None,
        "skipAsked": order_view(skipped) if skipped is not None else None,
        "users": [
            {
                "user": naming.written(s.user),
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
