"""A line of a drain's history. Its `what` is for readers; everything else is for programs, too."""

from typing import Literal, TypedDict

from pydantic import with_config

from shared.core.drain.effects import (
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
from shared.core.drain.facts import (
    Acted,
    Answered,
    Asked,
    Moved,
    Ordered,
    StatusChanged,
    WatchdogActed,
)
from shared.core.drain.history import Entry
from shared.core.host.outcome import Result
from shared.core.values.durations import format_duration
from shared.wire.views.words import CLOSED, Duration, PhaseWord, StatusWord, Time, time


@with_config(CLOSED)
class OrderedView(TypedDict):
    """What an order asked for: `hosts` by key, empty for all; `until` is the latest deadline that
    came of it."""

    what: str
    hosts: list[str]
    more: Duration | None
    until: Time | None
    stopClocks: bool | None


@with_config(CLOSED)
class ActionView(TypedDict):
    """What was done, and what the service said: `text` is its refusal. The other fields belong to one
    kind of action each, and are null for all others: `allowNewSession` to `setDrainMode`; `tag`, and
    whether it was set or removed (`tagSet`), to `setTag`; `message` and `language` to `sendMessage`;
    `user` to that and to `signOut`, and `forced` to this; `operation` to `power`, `script` to
    `runScript`, `call` to `callWebhook`."""

    what: Literal[
        "setDrainMode", "setTag", "sendMessage", "signOut", "power", "runScript", "forgetScript",
        "callWebhook", "cancelRun",
    ]  # fmt: skip
    result: Literal["accepted", "refused", "gone", "unknown", "notTried"]
    text: str | None
    allowNewSession: bool | None
    tag: str | None
    tagSet: bool | None
    user: str | None
    message: int | None
    language: str | None
    forced: bool | None
    operation: str | None
    script: str | None
    call: int | None


@with_config(CLOSED)
class EntryView(TypedDict):
    """A line of a drain's history: a sentence (`what`), and what it says as fields. `kind` says which of
    them are not null: of `phase` (of a host) and `status` (of the drain) `before` and `after`, and of
    `phase` the `code` of the host's outcome, if it has one by then; of `action` and `watchdog`
    `action`; of `order` `order`; of `answer` whether the webhook's maintenance `succeeded`; of `asked`
    how many `hosts`. `askedBy` is on whose behalf the app acted, where somebody asked for it."""

    at: Time | None
    what: str
    host: str | None
    by: str
    why: str
    order: OrderedView | None
    kind: Literal[
        "asked", "notKnown", "status", "phase", "action", "answer", "order", "attention",
        "stepFailed", "stepPutAside", "watchdog", "restored", "line",
    ]  # fmt: skip
    askedBy: str | None
    before: PhaseWord | StatusWord | None
    after: PhaseWord | StatusWord | None
    code: str | None
    action: ActionView | None
    succeeded: bool | None
    hosts: int | None


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
