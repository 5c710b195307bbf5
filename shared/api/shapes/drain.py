"""A drain, and where each of its hosts stands."""

from typing import Annotated, Any, NotRequired, TypedDict

from pydantic import Field, with_config

from shared.wire.views.ending import Coded
from shared.wire.views.words import CLOSED, Duration, PhaseWord, StatusWord, Time


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
class OrderView(TypedDict):
    """Who asked, when and why."""

    by: str
    at: Time | None
    why: str


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


@with_config(CLOSED)
class PauseView(TypedDict):
    by: str
    at: Time | None
    why: str
    stopClocks: bool


@with_config(CLOSED)
class ExtensionView(TypedDict):
    by: str
    at: Time | None
    why: str
    more: Duration
    hosts: list[str]


@with_config(CLOSED)
class Trouble(TypedDict):
    """Why the last look at the pool failed, and since when looks fail."""

    text: str
    since: Time | None


@with_config(CLOSED)
class CauseView(TypedDict):
    """The events that a drain was started for: by which rule, and about what."""

    rule: str
    source: str
    about: str | None


@with_config(CLOSED)
class DrainView(TypedDict):
    """A drain: what was asked for, and where each of its hosts stands."""

    id: str
    status: StatusWord
    hostPool: str
    reason: str
    askedBy: str
    cause: CauseView | None
    askedAt: Time | None
    startedAt: Time | None
    endedAt: Time | None
    looksAgainAt: Time | None
    selection: str
    timeZone: str
    paused: PauseView | None
    extensions: list[ExtensionView]
    cancelAsked: OrderView | None
    releaseAsked: OrderView | None
    policy: dict[str, Any]
    summary: Annotated[dict[str, int], Field(description="how many hosts are in each phase")]
    attention: Annotated[list[str], Field(description="hosts a person should look at, and why")]
    hosts: list[HostView]
    trouble: NotRequired[Trouble]
