"""Which messages are due for which sessions, and their texts."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.core.drain.model import Control
from shared.core.host.actions import SendMessage
from shared.core.host.host import HostRecord
from shared.core.host.sessions import SessionRecord
from shared.core.observation.seen import PoolType
from shared.core.policy.policy import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    PERSONAL_TEXT,
    TEXT,
    Message,
    Policy,
    Translation,
)  # fmt: skip
from shared.core.values.texts import cut

MOST_MESSAGES = 3
"""At most this many messages to one session at its deadline, including those with an unknown
outcome."""
MOST_REFUSALS = 3
"""How often a message that the service refused is tried; after that the next message is awaited."""


def for_pool(policy: Policy, type_: PoolType) -> Policy:
    """The policy with texts that are true for this type of pool. Only in a pooled one is it known
    that another host can take the users. Texts that the request itself contains stay."""
    if type_ is PoolType.POOLED:
        return policy
    texts = tuple(replace(m, text=PERSONAL_TEXT) if m.text == TEXT else m for m in policy.messages)
    return replace(policy, messages=texts)


def in_order(policy: Policy) -> tuple[Message, ...]:
    """The messages in the order in which they are due: first those at the beginning of the drain,
    then by time."""

    def when(message: Message) -> float:
        if message.before_deadline is None:
            return float("-inf")
        return -message.before_deadline.total_seconds()

    return tuple(sorted(policy.messages, key=when))


def due_messages(
    control: Control, host: HostRecord, due_at: datetime, now: datetime
) -> tuple[SendMessage, ...]:
    """For each session, the latest message that is due, unless it is settled. A session that is
    found late gets only that one, not those that it missed."""
    messages = in_order(control.policy)
    due = [i for i, m in enumerate(messages) if m.before_deadline is None
           or now >= due_at - m.before_deadline]  # fmt: skip
    if not due:
        return ()
    why = "their host is drained"
    return tuple(
        message_to(control, host, session, due[-1], due_at, now, why)
        for session in host.sessions
        if session.messages_done <= due[-1]
    )


def next_due(control: Control, due_at: datetime, now: datetime) -> datetime | None:
    """When the next message is due; None if there is none."""
    times = [due_at - m.before_deadline for m in control.policy.messages if m.before_deadline]
    return min((at for at in times if at > now), default=None)


def message_to(
    control: Control,
    host: HostRecord,
    session: SessionRecord,
    index: int,
    due_at: datetime,
    now: datetime,
    why: str,
) -> SendMessage:
    """A message to a session, in its user's language, with its placeholders filled in. ``index``:
    in the order of ``in_order``, from 0. ``due_at``: the deadline that the text names."""
    message = in_order(control.policy)[index]
    words = in_language(message, *session.names)
    fields = {
        "host": host.name,
        "pool": control.pool.name,
        "deadline": clock_time(due_at, now, control.zone),
        "minutes": str(max(0, round((due_at - now).total_seconds() / 60))),
        "reason": control.reason,
    }
    return SendMessage(
        host=host.key,
        session=session.key,
        session_id=session.id,
        user=session.user,
        number=session.messages_sent + session.refusals + 1,
        title=cut(words.title.format_map(fields), LONGEST_TITLE),
        text=cut(words.text.format_map(fields), LONGEST_TEXT),
        why=why,
        message=index + 1,
        language=words.suffix if isinstance(words, Translation) else "",
    )


def in_language(message: Message, *names: str) -> Message | Translation:
    """The text for this user: the translation with the longest suffix that fits one of their names,
    else the message itself."""
    low = [name.lower() for name in names]
    fits = [t for t in message.translations if any(n.endswith(t.suffix.lower()) for n in low)]
    return max(fits, key=lambda t: len(t.suffix), default=message)


def clock_time(at: datetime, now: datetime, zone: str) -> str:
    """``18:30 CET``; with the date if it is not today."""
    there = at.astimezone(ZoneInfo(zone))
    today = now.astimezone(ZoneInfo(zone)).date()
    return f"{there:%H:%M %Z}" if there.date() == today else f"{there:%Y-%m-%d %H:%M %Z}"
