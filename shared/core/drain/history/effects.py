"""Actions as the history stores them: without secrets, texts and ids."""

from dataclasses import dataclass
from typing import Literal

from shared.core.host.actions import (
    Action,
    CallWebhook,
    CancelRun,
    ForgetScript,
    Power,
    PowerAction,
    RunScript,
    SendMessage,
    SetDrainMode,
    SetTag,
    SignOut,
)


@dataclass(frozen=True, slots=True)
class DrainModeSet:
    """``allow=False``: drain mode was turned on."""

    allow: bool
    kind: Literal["setDrainMode"] = "setDrainMode"


@dataclass(frozen=True, slots=True)
class TagSet:
    """``on=False``: the tag was removed. ``name`` is empty if an older version did not record it."""

    name: str
    on: bool
    kind: Literal["setTag"] = "setTag"


@dataclass(frozen=True, slots=True)
class MessageSent:
    """``user``: the name as it is to be written in records. ``number``: which of the policy's
    messages, counted from 1. ``language``: the UPN suffix of the translation; empty for the
    default text."""

    user: str
    number: int
    language: str = ""
    kind: Literal["sendMessage"] = "sendMessage"


@dataclass(frozen=True, slots=True)
class UserSignedOut:
    """``user``: the name as it is to be written in records. ``force``: the sign-out was forced."""

    user: str
    force: bool
    kind: Literal["signOut"] = "signOut"


@dataclass(frozen=True, slots=True)
class PowerAsked:
    """A power operation was requested."""

    operation: PowerAction
    kind: Literal["power"] = "power"


@dataclass(frozen=True, slots=True)
class ScriptRun:
    """A script was begun. ``command``: its name among the allowed scripts."""

    command: str
    kind: Literal["runScript"] = "runScript"


@dataclass(frozen=True, slots=True)
class ScriptRemoved:
    """A script's run was removed from the VM."""

    kind: Literal["forgetScript"] = "forgetScript"


@dataclass(frozen=True, slots=True)
class WebhookCalled:
    """``time``: 1 for the first call."""

    time: int
    kind: Literal["callWebhook"] = "callWebhook"


@dataclass(frozen=True, slots=True)
class RunCancelled:
    """A maintenance run of Azure Update Manager was cancelled."""

    kind: Literal["cancelRun"] = "cancelRun"


Effect = (
    DrainModeSet
    | TagSet
    | MessageSent
    | UserSignedOut
    | PowerAsked
    | ScriptRun
    | ScriptRemoved
    | WebhookCalled
    | RunCancelled
)


def effect_of(action: Action) -> Effect:
    """The action as the history stores it."""
    match action:
        case SetDrainMode():
            return DrainModeSet(action.allow)
        case SetTag():
            return TagSet(action.name, action.on)
        case SendMessage():
            return MessageSent(action.user, action.message, action.language)
        case SignOut():
            return UserSignedOut(action.user, action.force)
        case Power():
            return PowerAsked(action.what)
        case RunScript():
            return ScriptRun(action.command)
        case ForgetScript():
            return ScriptRemoved()
        case CallWebhook():
            return WebhookCalled(action.time)
        case CancelRun():
            return RunCancelled()


def in_words(effect: Effect) -> str:
    """The action as a part of a sentence."""
    match effect:
        case DrainModeSet(allow):
            return "drain mode off" if allow else "drain mode on"
        case TagSet(name, on):
            return f"exclusion tag {name} {'set' if on else 'removed'}"
        case MessageSent(user, number, language):
            return f"message {number}{f' ({language})' if language else ''} to {user}"
        case UserSignedOut(user, force):
            return f"{'forced ' if force else ''}sign-out of {user}"
        case PowerAsked(operation):
            return str(operation)
        case ScriptRun(command):
            return f"script {command}"
        case ScriptRemoved():
            return "its script removed"
        case WebhookCalled(time):
            return f"webhook called, time {time}"
        case RunCancelled():
            return "its maintenance run cancelled"
