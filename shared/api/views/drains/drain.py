"""A drain: what was asked for, and how far it is. It is as small for a thousand hosts as for one."""

from datetime import datetime
from typing import Annotated, NotRequired

from pydantic import Field

from shared.api.http.versions import etag
from shared.api.http.web import Request
from shared.api.views.drains.availability import AvailabilityNow, now_view
from shared.api.views.drains.expected import ExpectedView, expected_view
from shared.api.views.drains.order import OrderView, PauseView, order_view, pause_view
from shared.core.drain.summary.overview import Overview, PolicyInShort
from shared.core.drain.summary.tally import MOST
from shared.core.host.status import ENDED, percent_of
from shared.core.values.durations import format_duration
from shared.wire.views.ending import attention, counted
from shared.wire.views.words import Duration, StatusWord, Time, View, time


class ExtensionView(View):
    """More time for users: who gave it, to which hosts."""

    by: str
    """Who asked."""
    at: Time | None
    """When."""
    why: str
    """The reason that was given; may be empty."""
    more: Duration
    """How much more time was given."""
    hosts: int | None
    """For how many hosts; null for all. The history names them."""


class Trouble(View):
    """Why the last look at the pool failed, and since when looks fail."""

    text: str
    """Why looks fail."""
    since: Time | None
    """Since when they fail."""


class CauseView(View):
    """The events that a drain was started for: by which rule, and about what."""

    rule: str
    """By which rule."""
    source: str
    """Where the events came from."""
    about: str | None
    """What they were about."""


class PolicyLine(View):
    """What is asked of a policy first; the whole is at the link."""

    maintenance: str
    """The kind of maintenance."""
    maxUnavailable: str
    """So many hosts may be out at once: a number, or a percentage."""
    deadline: Duration
    """How long the users of a host have."""
    deadlineAt: Time | None
    """And until when at the longest."""
    atDeadline: str
    """What then."""


class WaitingView(View):
    """What some hosts wait for."""

    code: str
    """What they wait for, for machines."""
    text: str
    """The same for people, of the host that waits longest."""
    since: Time | None
    """Since when that one waits."""
    hosts: int
    """How many hosts wait for it."""


class Links(View):
    """Where there is more."""

    hosts: str
    """Its hosts, in pages."""
    policy: str
    """Its policy as a whole."""
    availability: str
    """How many hosts of its pool took users, and are expected to."""
    history: str
    """What was done."""


class DrainView(View):
    """A drain: what was asked for, and how far it is. Its hosts are at a link, in pages."""

    id: str
    """What the drain is asked for by."""
    etag: str | None
    """The version that orders are given on; null if there can be none."""
    status: StatusWord
    """How far it is as a whole."""
    step: int
    """How many steps it took."""
    percentComplete: int
    """How far it is, in percent."""
    hostPool: str
    """The host pool's resource id."""
    reason: str
    """Why it was asked for."""
    askedBy: str
    """Who asked for it."""
    cause: CauseView | None
    """The events that it was started for; null if somebody asked for it."""
    askedAt: Time | None
    """When it was asked for."""
    startedAt: Time | None
    """When the first host went out."""
    endedAt: Time | None
    """When the last host was done with."""
    looksAgainAt: Time | None
    """When the app looks at it next."""
    expectedEnd: ExpectedView | None
    """When it is expected to have ended; null once it has, and before its first look."""
    availability: AvailabilityNow | None
    """How its pool stands against the floor; null before its first look, and once it has ended."""
    selection: str
    """Which hosts were asked for, in words."""
    timeZone: str
    """The time zone of its windows and messages."""
    paused: PauseView | None
    """The pause that lasts; null if there is none."""
    extensions: list[ExtensionView]
    """The latest times that users were given more time."""
    cancelAsked: OrderView | None
    """Who canceled it."""
    releaseAsked: OrderView | None
    """Who said that the maintenance of all its hosts is done."""
    policy: PolicyLine | None
    """Its policy in short; null if that is not known."""
    hostCount: int
    """How many hosts it has."""
    summary: Annotated[dict[str, int], Field(description="how many hosts are in each phase")]
    sessions: Annotated[int, Field(description="how many sessions there are on hosts that are out")]
    waits: Annotated[list[WaitingView], Field(description="what hosts wait for, most hosts first")]
    attention: Annotated[
        list[str], Field(description=f"hosts a person should look at, and why: the first {MOST}")
    ]
    attentionCount: Annotated[int, Field(description="how many hosts a person should look at")]
    links: Links
    """Where more of it is told."""
    trouble: NotRequired[Trouble]
    """Why looks fail; left out if they don't."""


def drain_view(drain: Overview, request: Request, now: datetime) -> DrainView:
    """``request``: its links lead to where that was sent."""
    progress, tally = drain.progress, drain.tally
    over = progress.status in ENDED or not drain.version
    found: DrainView = {
        "id": drain.id,
        "etag": None if over else etag(drain.version),
        "status": progress.status.value,
        "step": progress.step_number,
        "percentComplete": percent_of(tally.phases),
        "hostPool": drain.pool.resource_id,
        "reason": drain.reason,
        "askedBy": drain.asked.by,
        "cause": _cause(drain),
        "askedAt": time(drain.asked.at),
        "startedAt": time(progress.started_at),
        "endedAt": time(progress.ended_at),
        "looksAgainAt": time(progress.look_at),
        "expectedEnd": expected_view(drain.forecast.whole if drain.forecast else None, now),
        "availability": None if progress.status in ENDED else now_view(drain.availability),
        "selection": drain.selection,
        "timeZone": drain.zone,
        "paused": _paused(drain),
        "extensions": [
            {**order_view(e.asked), "more": format_duration(e.by), "hosts": e.hosts or None}
            for e in drain.extensions
        ],
        "cancelAsked": order_view(drain.cancel) if drain.cancel else None,
        "releaseAsked": order_view(drain.release_all) if drain.release_all else None,
        "policy": _policy(drain.policy) if drain.policy else None,
        "hostCount": tally.hosts,
        "summary": counted(tally),
        "sessions": tally.sessions,
        "waits": [
            {
                "code": w.code,
                "text": f"waits for {w.text}",
                "since": time(w.since),
                "hosts": w.hosts,
            }
            for w in tally.waits
        ],
        "attention": attention(tally),
        "attentionCount": tally.needing,
        "links": {
            "hosts": request.address(f"drains/{drain.id}/hosts"),
            "policy": request.address(f"drains/{drain.id}/policy"),
            "availability": request.address(f"drains/{drain.id}/availability"),
            "history": request.address(f"drains/{drain.id}/history"),
        },
    }
    if progress.trouble:
        found["trouble"] = {"text": progress.trouble, "since": time(progress.trouble_since)}
    return found


def _policy(policy: PolicyInShort) -> PolicyLine:
    return {
        "maintenance": policy.maintenance,
        "maxUnavailable": policy.max_unavailable,
        "deadline": format_duration(policy.deadline),
        "deadlineAt": time(policy.deadline_at),
        "atDeadline": policy.at_deadline,
    }


def _cause(drain: Overview) -> CauseView | None:
    cause = drain.cause
    if cause is None:
        return None
    return {"rule": cause.rule, "source": cause.source, "about": cause.about or None}


def _paused(drain: Overview) -> PauseView | None:
    pause = drain.paused
    return None if pause is None else pause_view(pause.asked, stop_clocks=pause.stop_clocks)
