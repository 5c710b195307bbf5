"""An entry of a drain's history, as shown. Its `what` is for people; all other fields are for
programs, too."""

from typing import Literal

from shared.core.drain.history.effects import (
    DrainModeSet,
    Effect,
    MessageSent,
    PowerAsked,
    RunCancelled,
    ScriptRemoved,
    ScriptRun,
    TagSet,
    UserSignedOut,
    WebhookCalled,
)
from shared.core.drain.history.facts import (
    Acted,
    Answered,
    Asked,
    Moved,
    Ordered,
    StatusChanged,
    WatchdogActed,
)
from shared.core.drain.history.history import Entry
from shared.core.host.outcome import Result
from shared.core.values.durations import format_duration
from shared.wire.views.words import Duration, PhaseWord, StatusWord, Time, View, time

StandWord = Literal[PhaseWord, StatusWord]
"""A host's phase, or a drain's status."""


class OrderedView(View):
    """What an order asked for: `hosts` by key, empty for all; `until` is the latest deadline that
    resulted."""

    what: str
    """The name of the order."""
    hosts: list[str]
    """The keys of the hosts it was for. Empty: all hosts."""
    more: Duration | None
    """How much more time users were given."""
    until: Time | None
    """The latest deadline that resulted."""
    stopClocks: bool | None
    """For a pause: whether deadlines stand still."""


class ActionView(View):
    """An action and its result; `text` is the service's refusal. Each other field belongs to one
    kind of action and is null for all others: `allowNewSession` to `setDrainMode`; `tag` and
    `tagSet` (set or removed) to `setTag`; `message` and `language` to `sendMessage`; `user` to
    `sendMessage` and `signOut`, and `forced` to `signOut`; `operation` to `power`, `script` to
    `runScript`, `call` to `callWebhook`."""

    what: Literal[
        "setDrainMode", "setTag", "sendMessage", "signOut", "power", "runScript", "forgetScript",
        "callWebhook", "cancelRun",
    ]  # fmt: skip
    """What was done."""
    result: Literal["accepted", "refused", "gone", "unknown", "notTried"]
    """The service's response. `unknown`: the response was lost."""
    text: str | None
    """The refusal, in the service's words."""
    allowNewSession: bool | None
    """False: drain mode was turned on."""
    tag: str | None
    """The name of the exclusion tag."""
    tagSet: bool | None
    """Whether the tag was set (true) or removed (false)."""
    user: str | None
    """The user to whom the message was sent, or who was signed out."""
    message: int | None
    """The number of the message among the policy's messages."""
    language: str | None
    """The suffix of the translation that was sent. Null: the text itself."""
    forced: bool | None
    """Whether the session was ended without waiting for its user."""
    operation: str | None
    """The operation on the VM."""
    script: str | None
    """The name of the script in the setting."""
    call: int | None
    """How many times the webhook had been called, with this call."""


class EntryView(View):
    """An entry of a drain's history: a sentence (`what`), and the same as fields. `kind` says which
    of them are not null: for `phase` (of a host) and `status` (of the drain) `before` and `after`,
    and for `phase` the `code` of the host's outcome if it has ended; for `action` and `watchdog`
    `action`; for `order` `order`; for `answer` whether the webhook's maintenance `succeeded`; for
    `asked` how many `hosts`. `askedBy` says on whose behalf the app acted, if somebody asked for
    it."""

    at: Time | None
    """When it happened."""
    what: str
    """What was done, as a sentence."""
    host: str | None
    """The session host that it was done to. Null: the drain as a whole."""
    by: str
    """Who did it, and on whose behalf."""
    why: str
    """The reason given. May be empty."""
    order: OrderedView | None
    """What was asked for, if it is an order."""
    kind: Literal[
        "asked", "notKnown", "status", "phase", "action", "answer", "order", "attention",
        "stepFailed", "stepPutAside", "watchdog", "restored", "line",
    ]  # fmt: skip
    """What kind of entry it is."""
    askedBy: str | None
    """On whose behalf the app acted, if somebody asked for it."""
    before: StandWord | None
    """The phase of the host, or the status of the drain, before it."""
    after: StandWord | None
    """The phase or the status after it."""
    code: str | None
    """The code of the host's outcome, if the host has ended."""
    action: ActionView | None
    """The action on the host, and its result."""
    succeeded: bool | None
    """Whether the webhook's maintenance succeeded."""
    hosts: int | None
    """How many hosts the request asked for."""


def entry_resource(entry: Entry) -> EntryView:
    found: EntryView = {
        "at": time(entry.at),
        "what": entry.what,
        "host": entry.host or None,
        "by": entry.signed,
        "why": entry.why,
        "order": None,
        "kind": entry.fact.kind,
        "askedBy": entry.asked_by or None,
        "before": None,
        "after": None,
        "code": None,
        "action": None,
        "succeeded": None,
        "hosts": None,
    }
    match entry.fact:
        case Moved(before, after, code):
            found |= {"before": before.value, "after": after.value, "code": code or None}
        case StatusChanged(before, after):
            found |= {"before": before.value, "after": after.value}
        case Acted(effect, result, text) | WatchdogActed(effect, result, text):
            found["action"] = _action(effect, result, text)
        case Ordered():
            found["order"] = _ordered(entry.fact)
        case Answered(succeeded):
            found["succeeded"] = succeeded
        case Asked(hosts):
            found["hosts"] = hosts
    return found


def _ordered(ordered: Ordered) -> OrderedView:
    return {
        "what": ordered.what,
        "hosts": list(ordered.hosts),
        "more": format_duration(ordered.more) if ordered.more is not None else None,
        "until": time(ordered.until),
        "stopClocks": ordered.stop_clocks,
    }


def _action(effect: Effect, result: Result, text: str) -> ActionView:
    found: ActionView = {
        "what": effect.kind,
        "result": result.value,
        "text": text or None,
        "allowNewSession": None,
        "tag": None,
        "tagSet": None,
        "user": None,
        "message": None,
        "language": None,
        "forced": None,
        "operation": None,
        "script": None,
        "call": None,
    }
    match effect:
        case DrainModeSet(allow):
            found["allowNewSession"] = allow
        case TagSet(name, on):
            found |= {"tag": name or None, "tagSet": on}
        case MessageSent(user, number, language):
            found |= {"user": user, "message": number, "language": language or None}
        case UserSignedOut(user, force):
            found |= {"user": user, "forced": force}
        case PowerAsked(operation):
            found["operation"] = operation.value
        case ScriptRun(command):
            found["script"] = command
        case WebhookCalled(call):
            found["call"] = call
        case ScriptRemoved() | RunCancelled():
            pass
    return found
