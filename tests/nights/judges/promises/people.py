"""Judges promises 4 and 5: nobody loses their work, and nobody is signed out except as promised."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from shared.core.drain.model import Claim
from shared.core.policy.policy import AtDeadline
from tests.nights.judges.known.court import EMPTY, ONCE, SAYS_WHY, WARNED, Court
from tests.nights.judges.known.facts import APP


def cut_off(court: Court, host: str, line: dict[str, Any], at: datetime) -> None:
    """A user lost their work. Excused only if somebody else had just let them in."""
    if line.get("by", APP) != APP or court.just_opened(host, at):
        return
    since = at - court.facts.signed_in[host, line["session"]]
    if line["user"].startswith("admin") and since <= court.step + court.leeway:
        return  # drain mode does not keep an administrator out, and nobody can know of it so soon
    court.breaks(EMPTY, f"{line['user']}, signed in {since} before, was {line['what']}: {host}", at)


def message(court: Court, host: str, line: dict[str, Any], at: datetime) -> None:
    claim = court.owner(host, at)
    if claim is None:
        court.breaks(SAYS_WHY, f"{line['user']} was told, and no claim says why", at)
        return
    told, title = court.facts.told[host, line["session"]], line["title"]
    again = [when for when, said in told if said == title and when >= claim.claimed_at]
    if again and at < deadline(court, claim, at) - court.leeway:
        court.breaks(ONCE, f"{line['user']} was told '{title}' twice on {host}", at)
    court.effects.append((claim.drain, host, "message"))


def signed_out(court: Court, host: str, line: dict[str, Any], at: datetime) -> None:
    claim, user = court.owner(host, at), line["user"]
    if claim is None:
        court.breaks(WARNED, f"{user} was signed out, and no claim says why", at)
        return
    control = court.ledger.control(claim.drain)
    policy = control.policy
    told = [when for when, _ in court.facts.told[host, line["session"]]]
    warned = at - min(told) if told else None
    if warned is None or warned < policy.warn_at_least - court.leeway:
        text = f"{user} was signed out, warned {warned} before, not {policy.warn_at_least}"
        court.breaks(WARNED, text, at)
    early = policy.disconnected_for is not None
    if policy.at_deadline is not AtDeadline.SIGN_OUT and not early:
        court.breaks(WARNED, f"{user} was signed out, which nobody asked for", at)
    if at < deadline(court, claim, at) - court.leeway and not early:
        court.breaks(WARNED, f"{user} was signed out before the deadline", at)
    if user.startswith(court.protected) and policy.protected_users:
        court.breaks(WARNED, f"{user} is protected, and was signed out", at)
    pause = control.paused
    if pause is not None and at - pause.asked.at > court.step + court.leeway:
        court.breaks(WARNED, f"{user} was signed out while it is paused", at)
    court.effects.append((claim.drain, host, "sign-out"))


def deadline(court: Court, claim: Claim, now: datetime) -> datetime:
    """The deadline of a host's users, including extensions, and time for which the clocks stood
    still. A step that was under way when an extension was asked for does not know of it."""
    control = court.ledger.control(claim.drain)
    due = claim.claimed_at + control.policy.deadline
    if control.policy.deadline_at is not None and control.policy.deadline_at < due:
        due = control.policy.deadline_at
    for extension in control.extensions:
        known = extension.asked.at <= now - court.step
        if known and (not extension.hosts or claim.host in extension.hosts):
            due += extension.by
    for pause in control.pauses:
        if pause.stop_clocks:
            over = pause.resumed.at if pause.resumed is not None else now
            due += max(timedelta(0), over - max(pause.asked.at, claim.claimed_at))
    return due


Judge = Callable[[Court, str, dict[str, Any], datetime], None]
JUDGES: dict[str, Judge] = {"message": message, "sign-out asked": signed_out}
