"""The closed set of things a drain may do to the world. Each has a stable key."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal


class PowerAction(StrEnum):
    """Operations of a VM, as Azure's compute API names them."""

    RESTART = "restart"
    START = "start"
    DEALLOCATE = "deallocate"
    POWER_OFF = "powerOff"
    REDEPLOY = "redeploy"
    HIBERNATE = "hibernate"
    """Deallocate with ``hibernate=true``: what is in its memory is kept."""

    @property
    def done(self) -> str:
        """``restarted``, ``powered off``: what the VM then is."""
        return "powered off" if self is PowerAction.POWER_OFF else f"{self.removesuffix('e')}ed"


@dataclass(frozen=True, slots=True)
class SetDrainMode:
    """PATCH ``allowNewSession``. ``allow=False`` is drain mode on."""

    host: str
    allow: bool
    why: str
    kind: Literal["setDrainMode"] = "setDrainMode"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.host}:{self.allow}"


@dataclass(frozen=True, slots=True)
class SetTag:
    """Set a tag of the host's VM, or (``on=False``) remove it, leaving all others alone."""

    host: str
    vm_id: str
    name: str
    value: str
    on: bool
    why: str
    kind: Literal["setTag"] = "setTag"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.host}:{self.on}"


@dataclass(frozen=True, slots=True)
class SendMessage:
    host: str
    session: str
    """The session's key, see ``SessionRecord.key``."""
    session_id: str
    user: str
    number: int
    """Which message to this session it is: 1 is the first."""
    title: str
    text: str
    why: str
    message: int = 1
    """Which of the policy's messages it is, counted from 1."""
    language: str = ""
    kind: Literal["sendMessage"] = "sendMessage"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.host}:{self.session}:{self.number}"


@dataclass(frozen=True, slots=True)
class SignOut:
    host: str
    session: str
    session_id: str
    user: str
    force: bool
    why: str
    kind: Literal["signOut"] = "signOut"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.host}:{self.session}"


@dataclass(frozen=True, slots=True)
class Power:
    """Begin a long operation on the host's VM."""

    host: str
    vm_id: str
    what: PowerAction
    why: str
    kind: Literal["power"] = "power"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.what}:{self.host}"


@dataclass(frozen=True, slots=True)
class RunScript:
    """Begin a script on the host's VM, as a run with a name of its own."""

    host: str
    vm_id: str
    run: str
    command: str
    """Its name among the scripts that the operator allows."""
    parameters: tuple[tuple[str, str], ...]
    time_limit: int
    """Seconds."""
    why: str
    kind: Literal["runScript"] = "runScript"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.host}:{self.run}"


@dataclass(frozen=True, slots=True)
class ForgetScript:
    """Remove a run from the VM, and stop it if it has not ended."""

    host: str
    vm_id: str
    run: str
    why: str
    kind: Literal["forgetScript"] = "forgetScript"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.host}:{self.run}"


@dataclass(frozen=True, slots=True)
class CallWebhook:
    """POST the host to a webhook, with the address at which its answer is awaited."""

    host: str
    url: str = field(repr=False)
    time: int
    """1 for the first call; a repeated one asks for the same work."""
    drain: str
    vm_id: str
    reason: str
    callback: str = field(repr=False)
    answer_by: datetime
    why: str
    kind: Literal["callWebhook"] = "callWebhook"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.host}:{self.time}"


@dataclass(frozen=True, slots=True)
class CancelRun:
    """Cancel a maintenance run of Azure Update Manager, for all its machines. ``host``: the one on
    whose behalf."""

    host: str
    run: str
    why: str
    kind: Literal["cancelRun"] = "cancelRun"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.run}"


Action = (
    SetDrainMode
    | SetTag
    | SendMessage
    | SignOut
    | Power
    | RunScript
    | ForgetScript
    | CallWebhook
    | CancelRun
)


def named(action: Action) -> Action:
    """The action as an intent keeps it: enough to tell what it was."""
    return replace(action, title="", text="") if isinstance(action, SendMessage) else action


LESS_URGENT = 2
"""From here on an action is none that opens a host, or keeps users off it."""


def urgency(action: Action) -> int:
    """The order in which actions are carried out where there are too many: who may sign in where comes
    first, then what autoscale may do, then the work; users are told last."""
    match action:
        case SetDrainMode():
            return 0
        case SetTag():
            return 1
        case Power() | RunScript() | ForgetScript() | CallWebhook() | CancelRun():
            return LESS_URGENT
        case SignOut():
            return 3
        case SendMessage():
            return 4


def puts_back(action: Action) -> bool:
    """Whether it undoes what was done to a host."""
    match action:
        case SetDrainMode(_, allow, _):
            return allow
        case SetTag():
            return not action.on
    return False
