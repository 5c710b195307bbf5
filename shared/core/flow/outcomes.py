"""What becomes of a host after the outcome of an action.

An intent that is found at the start of a step has an unknown outcome: the process that was about to
act has died. Unknown never counts as refused; each kind of action has a way to find out.
"""

from dataclasses import replace
from datetime import datetime

from shared.core.drain.history.effects import effect_of
from shared.core.drain.history.facts import Acted
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Control, Drain
from shared.core.flow import handovers, operations
from shared.core.host.actions import (
    Action,
    CallWebhook,
    CancelRun,
    ForgetScript,
    Power,
    RunScript,
    SendMessage,
    SetDrainMode,
    SetTag,
    SignOut,
)
from shared.core.host.endings import HOST_GONE
from shared.core.host.host import Ending, HostRecord
from shared.core.host.outcome import (
    Accepted,
    Gone,
    NotTried,
    Outcome,
    Refused,
    Unknown,
    in_words,
    result_of,
)
from shared.core.host.phases import Phase
from shared.core.host.sessions import Delivery
from shared.core.observation.sessions import find, put
from shared.core.users.messages import MOST_REFUSALS
from shared.core.users.naming import AS_TOLD, Naming, forgotten, named, naming_of, without_names
from shared.core.values.pace import Pace

MOST_DELIVERIES = 200
"""How many messages of one host, the latest, are remembered with their outcome. The others are only
counted."""
LONGEST_WORD = 200
"""Characters of a refusal that are kept with a session or a message."""


def apply(
    host: HostRecord,
    action: Action,
    outcome: Outcome,
    now: datetime,
    pace: Pace,
    naming: Naming = AS_TOLD,
) -> HostRecord:
    """The host after the outcome. ``now``: when the outcome was known."""
    outcome = without_names(naming, action, outcome, *_names(host, action))
    return forgotten(naming, _applied(host, action, outcome, now, pace, naming))


def _names(host: HostRecord, action: Action) -> tuple[str, ...]:
    """The names of the user whom an action concerns."""
    session = find(host, action.session) if isinstance(action, SendMessage | SignOut) else None
    return session.names if session is not None else ()


def _applied(
    host: HostRecord, action: Action, outcome: Outcome, now: datetime, pace: Pace, naming: Naming
) -> HostRecord:
    host = replace(host, intents=tuple(i for i in host.intents if i.action.key != action.key))
    match action:
        case SetDrainMode():
            return _drain_mode(host, action, outcome, now, pace)
        case SetTag():
            return _tag(host, action, outcome, now, pace)
        case SendMessage():
            return _message(host, action, outcome, now, naming)
        case SignOut():
            return _sign_out(host, action, outcome, now)
        case Power():
            return operations.power(host, action, outcome, now)
        case RunScript():
            return handovers.script(host, action, outcome, now)
        case ForgetScript():
            return handovers.forget(host, action, outcome)
        case CallWebhook():
            return handovers.webhook(host, action, outcome, now)
        case CancelRun():
            return handovers.cancel_run(host, action, outcome, now)


def recover(drain: Drain, now: datetime, pace: Pace) -> tuple[Drain, tuple[Entry, ...]]:
    """The drain after all remaining intents got the outcome unknown, with their entries of history."""
    naming = naming_of(drain.control)
    hosts = tuple(left_behind(host, now, pace, naming) for host in drain.hosts)
    return replace(drain, hosts=hosts), entries_left(drain, now)


def left_behind(
    host: HostRecord, now: datetime, pace: Pace, naming: Naming = AS_TOLD
) -> HostRecord:
    """The host after its remaining intents got the outcome unknown: a write may still take effect,
    an operation may have begun, a user may have seen a message."""
    for intent in host.intents:
        host = apply(host, intent.action, Unknown(), now, pace, naming)
    return host


def entries_left(drain: Drain, now: datetime) -> tuple[Entry, ...]:
    """The entries of history for remaining intents."""
    intents = [intent for host in drain.hosts for intent in host.intents]
    return tuple(entry_of(drain.control, intent.action, Unknown(), now) for intent in intents)


def entry_of(
    control: Control,
    action: Action,
    outcome: Outcome,
    now: datetime,
    host: HostRecord | None = None,
) -> Entry:
    """The entry for an action and its outcome, in the name of the person who asked for it.
    ``host``: as it was before the outcome, to replace its user's names."""
    asked, naming = control.stopped(action.host) or control.asked, naming_of(control)
    names = _names(host, action) if host is not None else ()
    outcome = without_names(naming, action, outcome, *names)
    fact = Acted(effect_of(named(naming, action)), *result_of(outcome))
    return Entry(now, fact, action.host, why=action.why, asked_by=asked.by)


def _drain_mode(
    host: HostRecord, action: SetDrainMode, outcome: Outcome, now: datetime, pace: Pace
) -> HostRecord:
    back = host.phase is Phase.RESTORING and action.allow
    if not action.allow and isinstance(outcome, Accepted | Unknown):
        host = replace(host, restored_at=None)  # an earlier restoring write proves nothing any more
    match outcome:
        case Accepted():
            host = replace(host, write_asked=True, trouble="")
            if not back:
                return host
            return replace(_still_there(host), restored_at=now, denied_since=None)
        case Unknown():
            host = replace(host, write_asked=True, trouble="the answer was lost")
            return _late(replace(host, denied_since=None), now, pace)
        case Refused(text, final):
            host = replace(host, trouble=text)
            if back:
                return replace(host, denied_since=(host.denied_since or now) if final else None)
            if final:
                ending = Ending(Phase.FAILED, "DrainRefused", f"drain mode refused: {text}", True)
                return replace(host, ending=ending)
            return host
        case Gone():
            host = replace(host, trouble="the service no longer knows the host")
            return replace(host, restored_at=now, denied_since=None) if back else host
        case NotTried(text):
            return replace(host, trouble=text) if text else host


def _still_there(host: HostRecord) -> HostRecord:
    """The host that a restoring write was accepted for. If listings lack it, a person should know that it
    is there."""
    ending, text = host.ending, "but it is there: the service opened it"
    if ending is None or ending.code != HOST_GONE or text in ending.text:
        return host
    return replace(host, ending=ending.and_told(text))


def _late(host: HostRecord, now: datetime, pace: Pace) -> HostRecord:
    """The host, with the time in which a write of ours may still take effect."""
    return replace(host, late_until=max(host.late_until or now, now + pace.late))


def _tag(
    host: HostRecord, action: SetTag, outcome: Outcome, now: datetime, pace: Pace
) -> HostRecord:
    tag = host.tag
    if tag is None or isinstance(outcome, NotTried):
        return host
    if not action.on:
        match outcome:
            case Gone():
                return replace(host, tag=replace(tag, asked=False))
            case Refused(text, final):
                since = (host.denied_since or now) if final else None
                return replace(host, trouble=f"its exclusion tag: {text}", denied_since=since)
            case Accepted():
                taken = replace(tag, taken_off_at=now)
                return replace(host, trouble="", denied_since=None, tag=taken)
            case _:
                return replace(host, trouble="the answer was lost")
    match outcome:
        case Unknown():
            return _late(replace(host, tag=replace(tag, asked=True, unsure=True)), now, pace)
        case Accepted():
            return replace(host, tag=replace(tag, asked=True, unsure=False))
        case Refused(text, True):
            return replace(host, tag=replace(tag, trouble=text))
        case Gone():
            return replace(host, tag=replace(tag, trouble="its VM no longer exists"))
        case _:
            return host


def _message(
    host: HostRecord, action: SendMessage, outcome: Outcome, now: datetime, naming: Naming
) -> HostRecord:
    session = find(host, action.session)
    if not isinstance(outcome, NotTried):
        said = in_words(outcome)[:LONGEST_WORD]
        user = naming.written(action.user)
        delivery = Delivery(user, now, action.message, action.language, said)
        listed = (*host.deliveries, delivery)
        over = max(0, len(listed) - MOST_DELIVERIES)
        host = replace(host, deliveries=listed[over:], deliveries_more=host.deliveries_more + over)
    if session is None:
        return host
    behind = max(session.messages_done, action.message)
    match outcome:
        case Accepted() | Unknown():
            session = replace(
                session,
                messages_sent=session.messages_sent + 1,
                messages_done=behind,
                refusals=0,
                refused="",
            )
            if isinstance(outcome, Accepted):
                session = replace(session, warned_at=session.warned_at or now)
        case Refused(text, _):
            session = replace(session, refusals=session.refusals + 1, refused=text[:LONGEST_WORD])
            if session.refusals % MOST_REFUSALS == 0:
                session = replace(session, messages_done=behind)
        case Gone() | NotTried():
            return host
    return put(host, session)


def _sign_out(host: HostRecord, action: SignOut, outcome: Outcome, now: datetime) -> HostRecord:
    session = find(host, action.session)
    if session is None:
        return host
    match outcome:
        case Accepted() | Gone() | Unknown():
            session = replace(session, signed_out_at=now, refused="")
        case Refused(text, _):
            session = replace(session, refused=text[:LONGEST_WORD])
        case NotTried():
            return host
    return put(host, session)
