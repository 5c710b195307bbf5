"""A drain: what was asked for, and where each of its hosts stands."""

from collections import Counter
from datetime import datetime
from typing import Annotated, Any, NotRequired, TypedDict

from pydantic import Field, with_config

from shared.api.views.host import HostView, host_view
from shared.api.views.order import OrderView, PauseView, order_view, pause_view
from shared.core.drain.model import Control, Drain
from shared.core.policy.policy import Policy
from shared.core.values.durations import format_duration
from shared.wire.derived import as_written
from shared.wire.views.ending import attention
from shared.wire.views.words import CLOSED, Duration, StatusWord, Time, time


@with_config(CLOSED)
class ExtensionView(TypedDict):
    """More time for users: who gave it, to which hosts."""

    by: str
    """Who asked."""
    at: Time | None
    """When."""
    why: str
    """The reason that was given; may be empty."""
    more: Duration
    """How much more time was given."""
    hosts: list[str]
    """Keys of the hosts it was for; empty for all."""


@with_config(CLOSED)
class Trouble(TypedDict):
    """Why the last look at the pool failed, and since when looks fail."""

    text: str
    """Why looks fail."""
    since: Time | None
    """Since when they fail."""


@with_config(CLOSED)
class CauseView(TypedDict):
    """The events that a drain was started for: by which rule, and about what."""

    rule: str
    """By which rule."""
    source: str
    """Where the events came from."""
    about: str | None
    """What they were about."""


@with_config(CLOSED)
class DrainView(TypedDict):
    """A drain: what was asked for, and where each of its hosts stands."""

    id: str
    """What the drain is asked for by."""
    status: StatusWord
    """How far it is as a whole."""
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
    selection: str
    """Which hosts were asked for, in words."""
    timeZone: str
    """The time zone of its windows and messages."""
    paused: PauseView | None
    """The pause that lasts; null if there is none."""
    extensions: list[ExtensionView]
    """Each time that users were given more time."""
    cancelAsked: OrderView | None
    """Who canceled it."""
    releaseAsked: OrderView | None
    """Who said that the maintenance of all its hosts is done."""
    policy: dict[str, Any]
    """The policy, with its defaults."""
    summary: Annotated[dict[str, int], Field(description="how many hosts are in each phase")]
    attention: Annotated[list[str], Field(description="hosts a person should look at, and why")]
    hosts: list[HostView]
    """Each of its hosts."""
    trouble: NotRequired[Trouble]
    """Why looks fail; left out if they don't."""


def drain_view(drain: Drain, now: datetime) -> DrainView:
    """A drain with every host's phase, sessions, and what it waits for since when."""
    control, progress = drain.control, drain.progress
    phases = Counter(str(host.phase) for host in drain.hosts)
    found: DrainView = {
        "id": drain.id,
        "status": progress.status.value,
        "hostPool": control.pool.resource_id,
        "reason": control.reason,
        "askedBy": control.asked.by,
        "cause": _cause(control),
        "askedAt": time(control.asked.at),
        "startedAt": time(progress.started_at),
        "endedAt": time(progress.ended_at),
        "looksAgainAt": time(progress.look_at),
        "selection": control.selection,
        "timeZone": control.zone,
        "paused": _paused(control),
        "extensions": [
            {**order_view(e.asked), "more": format_duration(e.by), "hosts": sorted(e.hosts)}
            for e in control.extensions
        ],
        "cancelAsked": order_view(control.cancel) if control.cancel else None,
        "releaseAsked": order_view(control.release_all) if control.release_all else None,
        "policy": policy_view(control.policy),
        "summary": dict(sorted(phases.items())),
        "attention": attention(drain),
        "hosts": [host_view(control, host, now) for host in drain.hosts],
    }
    if progress.trouble:
        found["trouble"] = {"text": progress.trouble, "since": time(progress.trouble_since)}
    return found


def policy_view(policy: Policy) -> dict[str, Any]:
    """A policy as it would be written in a request."""
    found: dict[str, Any] = as_written(policy)
    return found


def _cause(control: Control) -> CauseView | None:
    cause = control.cause
    if cause is None:
        return None
    return {"rule": cause.rule, "source": cause.source, "about": cause.about or None}


def _paused(control: Control) -> PauseView | None:
    pause = control.paused
    return None if pause is None else pause_view(pause.asked, stop_clocks=pause.stop_clocks)
