"""Who is to be told, and in what words."""

import string
from datetime import UTC, datetime

from shared.core.actions import SendMessage
from shared.core.model import Control, HostRecord, SessionRecord

FIELDS = frozenset({"host", "pool", "deadline", "minutes", "reason"})
MOST_NOTICES = 3
"""Messages to one session, counting those of which it is unknown whether they arrived."""


def unknown_fields(text: str) -> tuple[str, ...]:
    """The fields of a text that no message has. Raises ValueError on an unpaired brace.

    A field with a format or conversion counts as unknown: ``{host:>99999999}`` would be a text
    of that length.
    """
    unknown = set()
    for _, name, spec, conversion in string.Formatter().parse(text):
        if name is not None and (name not in FIELDS or spec or conversion):
            unknown.add(
                name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            )
    return tuple(sorted(unknown))


def first_notices(
    control: Control, host: HostRecord, due_at: datetime, now: datetime
) -> tuple[SendMessage, ...]:
    """A message for everybody on the host who has not been sent one: also to late-comers."""
    untold = (s for s in host.sessions if s.notices == 0)
    return tuple(notice(control, host, s, due_at, now, "their host is drained") for s in untold)


def notice(
    control: Control,
    host: HostRecord,
    session: SessionRecord,
    due_at: datetime,
    now: datetime,
    why: str,
) -> SendMessage:
    """The next message to a session, with its fields filled in."""
    fields = {
        "host": host.name,
        "pool": control.pool.name,
        "deadline": due_at.astimezone(UTC).strftime("%H:%M UTC"),
        "minutes": str(max(0, round((due_at - now).total_seconds() / 60))),
        "reason": control.reason,
    }
    message = control.policy.message
    return SendMessage(
        host=host.key,
        session=session.key,
        session_id=session.id,
        user=session.user,
        notice=session.notices + 1,
        title=message.title.format_map(fields),
        text=message.text.format_map(fields),
        why=why,
    )
