"""What happens at a host's deadline, and which sessions may be signed out.

Nobody is signed out before the deadline, nor sooner than ``warn_at_least`` after a message that the
service accepted. A message whose arrival is unknown is not sent again at once, because a repeated
step must not tell a user the same thing twice. But at the deadline another message is sent: the
user may not know yet, and without an accepted message no sign-out may follow. Protected users are
never signed out. One exception to the deadline is the policy's own: sessions that were seen
disconnected for long enough.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.core.drain.model import Control
from shared.core.host.actions import Action, SendMessage, SignOut
from shared.core.host.host import HostRecord
from shared.core.host.sessions import SessionRecord
from shared.core.policy.policy import Policy
from shared.core.users import identity
from shared.core.users.messages import MOST_MESSAGES, message_to
from shared.core.users.naming import naming_of

ASK_AGAIN = timedelta(minutes=2)
"""Sign-out is asynchronous: a session may stay listed for this long before it is signed out again."""


@dataclass(frozen=True, slots=True)
class SignOuts:
    """``actions``: what to do to sessions now. ``next_at``: when the next may follow; None if none
    will. ``stuck``: users who cannot be signed out, with the reason. ``protected``: protected
    users who stay. ``refused``: users whose sign-out the service refused, with what it said."""

    actions: tuple[Action, ...]
    next_at: datetime | None
    stuck: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def due_at(control: Control, host: HostRecord, now: datetime) -> datetime | None:
    """The host's deadline: counted from when drain mode took effect, plus extensions and the time
    for which pauses stopped the clock. None before the host is out."""
    if host.out_at is None:
        return None
    more = [e.by for e in control.extensions if not e.hosts or host.key in e.hosts]
    still = _stood_still(control, host.out_at, now)
    since = host.effective_at or host.out_at
    return planned(control.policy, since) + sum(more, timedelta(0)) + still


def _stood_still(control: Control, since: datetime, now: datetime) -> timedelta:
    """How long the deadlines stood still between ``since`` and ``now``, by pauses that stop them."""
    total = timedelta(0)
    for pause in control.pauses:
        if pause.stop_clocks:
            begun = max(since, pause.asked.at)
            ended = min(now, pause.resumed.at) if pause.resumed is not None else now
            total += max(timedelta(0), ended - begun)
    return total


def planned(policy: Policy, out_at: datetime) -> datetime:
    """The deadline that the policy gives a host that is taken out at ``out_at``."""
    due = out_at + policy.deadline
    return due if policy.deadline_at is None else min(due, policy.deadline_at)


def is_protected(control: Control, session: SessionRecord) -> bool:
    """Whether the policy protects the session's user, or may do so."""
    return identity.is_protected(control.policy.protected_users, session)


def sign_outs(control: Control, host: HostRecord, now: datetime) -> SignOuts:
    """What to do to each session on a host past its deadline: sign out, warn, or wait."""
    actions: list[Action] = [*last_messages(control, host, now)]
    later: list[datetime] = []
    stuck: list[str] = []
    protected: list[str] = []
    refused: list[str] = []
    naming = naming_of(control)
    for session in host.sessions:
        allowed_at = _allowed_at(control, session)
        if is_protected(control, session):
            unsure = identity.only_maybe(control.policy.protected_users, session)
            named = naming.written(session.user) or "a user without a name"
            protected.append(f"{named} (who may be one of them)" if unsure else named)
        elif allowed_at is None:
            if session.refused or session.messages_sent >= MOST_MESSAGES:
                stuck.append(
                    f"{naming.written(session.user)} ({session.refused or 'no message was accepted'})"
                )
        elif now < allowed_at:
            later.append(allowed_at)
        elif _may_ask(session, now):
            why = "still signed in after the deadline"
            if session.refused:
                refused.append(f"{naming.written(session.user)} ({session.refused})")
            actions.append(_sign_out(control, host, session, why))
    return SignOuts(
        tuple(actions), min(later, default=None), tuple(stuck), tuple(protected), tuple(refused)
    )


def early_sign_outs(control: Control, host: HostRecord, now: datetime) -> SignOuts:
    """Sign-outs before the deadline: sessions that were seen disconnected for as long as the policy
    says."""
    limit = control.policy.disconnected_for
    if limit is None:
        return SignOuts((), None)
    actions: list[Action] = []
    later: list[datetime] = []
    for session in host.sessions:
        warned_at = _allowed_at(control, session)
        if session.disconnected_since is None or warned_at is None:
            continue
        if is_protected(control, session):
            continue
        allowed_at = max(session.disconnected_since + limit, warned_at)
        if now < allowed_at:
            later.append(allowed_at)
        elif _may_ask(session, now):
            actions.append(_sign_out(control, host, session, "disconnected for long enough"))
    return SignOuts(tuple(actions), min(later, default=None))


def last_messages(control: Control, host: HostRecord, now: datetime) -> tuple[SendMessage, ...]:
    """At the deadline: a message to every session for which none is known to have been accepted."""
    if not control.policy.messages:
        return ()
    told_by = now + control.policy.warn_at_least
    last = len(control.policy.messages) - 1
    return tuple(
        message_to(control, host, session, last, told_by, now, "no message was surely accepted yet")
        for session in host.sessions
        if session.warned_at is None and session.messages_sent < MOST_MESSAGES
    )


def _may_ask(session: SessionRecord, now: datetime) -> bool:
    return session.signed_out_at is None or now >= session.signed_out_at + ASK_AGAIN


def _allowed_at(control: Control, session: SessionRecord) -> datetime | None:
    if session.warned_at is None:
        return None
    return session.warned_at + control.policy.warn_at_least


def _sign_out(control: Control, host: HostRecord, session: SessionRecord, why: str) -> SignOut:
    """The first sign-out is never forced; only a repeated one is, if the policy says so."""
    return SignOut(
        host=host.key,
        session=session.key,
        session_id=session.id,
        user=session.user,
        force=control.policy.force_sign_out and session.signed_out_at is not None,
        why=why,
    )
