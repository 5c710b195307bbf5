"""Who is to be told, when, and in what words."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.core.drain.model import Control
from shared.core.host.actions import SendMessage
from shared.core.host.host import HostRecord, SessionRecord
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

MOST_MESSAGES = 3
"""Messages to one session at its deadline, counting those of which it is unknown whether they
arrived."""
MOST_REFUSALS = 3
"""So often a message is tried again that the service refused; then the next one is waited for."""


def for_pool(policy: Policy, type_: PoolType) -> Policy:
    """The policy with texts that are true in a pool of this type: only of a pooled one it is known that
    another host can take its users. What the request itself says stays."""
    if type_ is PoolType.POOLED:
        return policy
    texts = tuple(replace(m, text=PERSONAL_TEXT) if m.text == TEXT else m for m in policy.messages)
    return replace(policy, messages=texts)


def in_order(policy: Policy) -> tuple[Message, ...]:
    """The messages as they fall due: those at the beginning first, then the earlier before the
    later."""

    def when(message: Message) -> float:
        if message.before_deadline is None:
            return float("-inf")
        return -message.before_deadline.total_seconds()

    return tuple(sorted(policy.messages, key=when))


def due_messages(
    control: Control, host: HostRecord, due_at: datetime, now: datetime
) -> tuple[SendMessage, ...]:
    """For everybody on the host: the latest message that is due and that they were not sent.
    Whoever is found late gets the one of the hour, not all that they missed."""
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
    """When the next message falls due."""
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
    """A message to a session, in its user's language, with its fields filled in."""
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
        title=_cut(words.title.format_map(fields), LONGEST_TITLE),
        text=_cut(words.text.format_map(fields), LONGEST_TEXT),
        why=why,
        message=index + 1,
        language=words.suffix if isinstance(words, Translation) else "",
    )


def in_language(message: Message, *names: str) -> Message | Translation:
    """The text for this user: that of the longest suffix which fits one of their names, else the
    default."""
    low = [name.lower() for name in names]
    fits = [t for t in message.translations if any(n.endswith(t.suffix.lower()) for n in low)]
    return max(fits, key=lambda t: len(t.suffix), default=message)


def clock_time(at: datetime, now: datetime, zone: str) -> str:
    """``18:30 CET``; with the date where it is not today's."""
    there = at.astimezone(ZoneInfo(zone))
    today = now.astimezone(ZoneInfo(zone)).date()
    return f"{there:%H:%M %Z}" if there.date() == today else f"{there:%Y-%m-%d %H:%M %Z}"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
