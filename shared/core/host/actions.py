"""The closed set of actions that a drain may take. Each action has a stable key, by which a
repetition is known."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal


class PowerAction(StrEnum):
    """Operations on a VM, by their names in Azure's compute API."""

    RESTART = "restart"
    START = "start"
    DEALLOCATE = "deallocate"
    POWER_OFF = "powerOff"
    REDEPLOY = "redeploy"
    HIBERNATE = "hibernate"
    """Deallocate with ``hibernate=true``: the contents of its memory are kept."""

    @property
    def done(self) -> str:
        """What the VM is after the operation: ``restarted``, ``powered off``."""
        return "powered off" if self is PowerAction.POWER_OFF else f"{self.removesuffix('e')}ed"


@dataclass(frozen=True, slots=True)
class SetDrainMode:
    """PATCH ``allowNewSession``. ``allow=False`` turns drain mode on."""

    host: str
    allow: bool
    why: str
    kind: Literal["setDrainMode"] = "setDrainMode"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.host}:{self.allow}"


@dataclass(frozen=True, slots=True)
class SetTag:
    """Set a tag of the host's VM, or (``on=False``) remove it. Other tags stay as they are."""

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
    """Show a message to one user session."""

    host: str
    session: str
    """The session's key, see ``SessionRecord.key``."""
    session_id: str
    user: str
    number: int
    """Distinguishes this message from the one sent before it to the session; from 1."""
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
    """Sign out one user session. ``session`` is its key, ``session_id`` its id in the service."""

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
    """Begin a power operation on the host's VM."""

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
    """The script's name among the scripts that the operator allows."""
    parameters: tuple[tuple[str, str], ...]
    time_limit: int
    """In seconds."""
    why: str
    kind: Literal["runScript"] = "runScript"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.host}:{self.run}"


@dataclass(frozen=True, slots=True)
class ForgetScript:
    """Remove a script's run from the VM. This stops a run that has not ended."""

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
    """POST the host to a webhook, with the callback address for its answer."""

    host: str
    url: str = field(repr=False)
    time: int
    """1 for the first call. A repeated call asks for the same work."""
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
    """Cancel a maintenance run of Azure Update Manager, for all its VMs. ``host``: the host in
    whose name this is done."""

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
"""All actions. ``key`` is the same each time the same action is decided on."""


def named(action: Action) -> Action:
    """The action as an intent stores it: without a message's texts."""
    return replace(action, title="", text="") if isinstance(action, SendMessage) else action


LESS_URGENT = 2
"""Actions with this urgency or a higher number neither open a host nor keep users off it."""


def urgency(action: Action) -> int:
    """The rank of an action when not all can be carried out at once; the lowest goes first. First
    comes who may sign in where, then what autoscale may do, then maintenance, then sign-outs,
    then messages."""
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
    """Whether the action restores something: it turns drain mode off or removes a tag."""
    match action:
        case SetDrainMode(_, allow, _):
            return allow
        case SetTag():
            return not action.on
    return False
