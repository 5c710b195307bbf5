"""What is done at a host's deadline, and who may be signed out by then.

Nobody is signed out before the deadline, nor sooner than ``warn_at_least`` after a message that
the service accepted. Where it is unknown whether a message arrived it is not sent again at once,
for nobody is to be told the same thing twice because a step was repeated; but at the deadline
another one is: its user may know nothing yet, and without an accepted one no sign-out may follow.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.core.actions import Action, SendMessage, SignOut
from shared.core.messages import MOST_NOTICES, notice
from shared.core.model import Control, HostRecord, SessionRecord

ASK_AGAIN = timedelta(minutes=2)
"""A sign-out is asynchronous: a session may stay listed for a while before it is asked again."""


@dataclass(frozen=True, slots=True)
class SignOuts:
    """What to do to the sessions now, when the next of them may follow, who can't be."""

    actions: tuple[Action, ...]
    next_at: datetime | None
    stuck: tuple[str, ...]


def due_at(control: Control, host: HostRecord) -> datetime | None:
    """When the host's users have had their time; None before the host is taken out."""
    return None if host.out_at is None else host.out_at + control.policy.deadline


def sign_outs(control: Control, host: HostRecord, now: datetime) -> SignOuts:
    """For each session on a host past its deadline: sign out, warn, or wait."""
    actions: list[Action] = [*last_notices(control, host, now)]
    later: list[datetime] = []
    stuck: list[str] = []
    for session in host.sessions:
        allowed_at = _allowed_at(control, session)
        if allowed_at is None:
            if session.refused or session.notices >= MOST_NOTICES:
                stuck.append(f"{session.user} ({session.refused or 'no message was accepted'})")
        elif now < allowed_at:
            later.append(allowed_at)
        elif session.signed_out_at is None or now >= session.signed_out_at + ASK_AGAIN:
            actions.append(_sign_out(control, host, session))
    return SignOuts(tuple(actions), min(later, default=None), tuple(stuck))


def last_notices(control: Control, host: HostRecord, now: datetime) -> tuple[SendMessage, ...]:
    """At the deadline: a message for everybody of whom it is not known that one reached them."""
    told_by = now + control.policy.warn_at_least
    return tuple(
        notice(control, host, session, told_by, now, "no message was surely accepted yet")
        for session in host.sessions
        if session.warned_at is None and session.notices < MOST_NOTICES
    )


def _allowed_at(control: Control, session: SessionRecord) -> datetime | None:
    if session.warned_at is None:
        return None
    return session.warned_at + control.policy.warn_at_least


def _sign_out(control: Control, host: HostRecord, session: SessionRecord) -> SignOut:
    return SignOut(
        host=host.key,
        session=session.key,
        session_id=session.id,
        user=session.user,
        force=control.policy.force_sign_out,
        why="still signed in after the deadline",
    )
