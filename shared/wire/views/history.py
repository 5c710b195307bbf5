"""A line of a drain's history. Its `what` is for readers; everything else is for programs, too."""

from typing import Literal, TypedDict

from pydantic import with_config

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
from shared.wire.views.words import CLOSED, Duration, PhaseWord, StatusWord, Time, time

StandWord = Literal[PhaseWord, StatusWord]
"""Where a host, or a drain, stands."""


@with_config(CLOSED)
class OrderedView(TypedDict):
    """What an order asked for: `hosts` by key, empty for all; `until` is the latest deadline that
    came of it."""

    what: str
    """The order's name."""
    hosts: list[str]
    """Keys of the hosts it was for; empty for all."""
    more: Duration | None
    """How much more time was given."""
    until: Time | None
    """The latest deadline that came of it."""
    stopClocks: bool | None
    """Of a pause: whether deadlines wait too."""


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
    """What was done."""
    result: Literal["accepted", "refused", "gone", "unknown", "notTried"]
    """What the service said to it; `unknown`: its answer was lost."""
    text: str | None
    """The refusal, in the service's words."""
    allowNewSession: bool | None
    """False: drain mode was turned on."""
    tag: str | None
    """The exclusion tag's name."""
    tagSet: bool | None
    """Whether the tag was set, or removed."""
    user: str | None
    """Whom it was sent to, or who was signed out."""
    message: int | None
    """The number of the message among those of the policy."""
    language: str | None
    """The suffix of the translation that was sent; null for the text itself."""
    forced: bool | None
    """Whether the session was ended without waiting for its user."""
    operation: str | None
    """The operation on the VM."""
    script: str | None
    """The script's name in the setting."""
    call: int | None
    """How often the webhook was called by then."""


@with_config(CLOSED)
class EntryView(TypedDict):
    """A line of a drain's history: a sentence (`what`), and what it says as fields. `kind` says which of
    them are not null: of `phase` (of a host) and `status` (of the drain) `before` and `after`, and of
    `phase` the `code` of the host's outcome, if it has one by then; of `action` and `watchdog`
    `action`; of `order` `order`; of `answer` whether the webhook's maintenance `succeeded`; of `asked`
    how many `hosts`. `askedBy` is on whose behalf the app acted, where somebody asked for it."""

    at: Time | None
    """When."""
    what: str
    """What was done."""
    host: str | None
    """The session host that it was done to; null for the drain as a whole."""
    by: str
    """At whose request."""
    why: str
    """The reason that was given; may be empty."""
    order: OrderedView | None
    """What was asked for, if it is an order."""
    kind: Literal[
        "asked", "notKnown", "status", "phase", "action", "answer", "order", "attention",
        "stepFailed", "stepPutAside", "watchdog", "restored", "line",
    ]  # fmt: skip
    """What kind of entry it is."""
    askedBy: str | None
    """On whose behalf the app acted, where somebody asked for it."""
    before: StandWord | None
    """The phase of the host, or the status of the drain, until then."""
    after: StandWord | None
    """The same from then on."""
    code: str | None
    """Names how the host ended, if it has ended by then."""
    action: ActionView | None
    """What was done to the host, and what came of it."""
    succeeded: bool | None
    """Whether the webhook's maintenance did."""
    hosts: int | None
    """How many hosts were asked for."""


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
