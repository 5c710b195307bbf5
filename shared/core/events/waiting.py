"""How long signals wait and for what, and what is left of a signal when some of its machines have
been handled."""

from collections.abc import Iterable, Sequence, Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta

from shared.core.drain.model import Drain
from shared.core.events.signals import Says, Signal, machine_key
from shared.core.events.triage import Group
from shared.core.values.hostnames import host_key

MACHINES_WITHIN = timedelta(minutes=5)
"""Azure Resource Graph lags: a run's machines may become visible this long after its event."""
GIVEN_UP_AFTER = timedelta(days=1)
KNOWN_WITHIN = (timedelta(minutes=10), timedelta(minutes=30))
"""A machine that is not a session host yet is looked for again this long after its event, because
hosts register at their first start. Most such machines never become one, so it is not done more
often."""
SOON = timedelta(minutes=10)
"""How long to wait between tries for what is expected to pass."""
_A_BURST = 5
"""A burst of signals is waited for at most this many times the settling time."""


def still_come(ats: Sequence[datetime], settle: timedelta, now: datetime) -> bool:
    """Whether more signals may arrive in this burst, which is handled together. ``ats``: when the
    new signals arrived."""
    return bool(ats) and now < max(ats) + settle and now < min(ats) + _A_BURST * settle


def is_given_up(signal: Signal, now: datetime) -> bool:
    """Whether the signal has waited for too long."""
    return now >= max(signal.at, signal.not_before or signal.at) + GIVEN_UP_AFTER


def machines_may_show(signal: Signal, now: datetime) -> bool:
    """Whether it is too early to say that a run has no machines."""
    return now < signal.at + MACHINES_WITHIN


def looked_for_again(signal: Signal, now: datetime, *, passing: bool) -> datetime | None:
    """When to look again for a machine that is not known as a session host; None: not again.
    ``passing``: a pool that may have it could not be read just now."""
    looks = (signal.at + wait for wait in KNOWN_WITHIN if signal.at + wait > now)
    return next(looks, now + SOON if passing else None)


def asked_again_after(decides_at: datetime | None, idle: timedelta, now: datetime) -> timedelta:
    """How long to wait before asking again for hosts that other drains have: ``idle``, but not
    beyond the time at which it is decided whether a run goes on."""
    return idle if decides_at is None else max(timedelta(0), min(idle, decides_at - now))


def rest_of(signal: Signal, machines: AbstractSet[str]) -> Signal | None:
    """The signal cut down to these of its machines; None if they are all of them."""
    if machines == {machine_key(machine) for machine in signal.machines}:
        return None
    return replace(signal, machines=tuple(sorted(machines)), part=signal.part + 1)


def put_back_by(
    group: Group, running: Drain, asks: AbstractSet[tuple[str, str, datetime]]
) -> tuple[tuple[str, Signal], ...]:
    """Hosts that the drain with the same cause is restoring already, each with a signal that asks
    for it again. They are asked for after that. ``asks``: what the drain has hosts for already
    (host key, matter, when that began)."""
    control = running.control
    if does_the_same(group, running):
        return ()
    return tuple(
        (host, signal)
        for host in group.hosts
        if control.released(host_key(host)) is not None
        or control.stopped(host_key(host)) is not None
        for signal in group.signals
        if (host_key(host), signal.about, signal.happened_at) not in asks
    )


def does_the_same(group: Group, other: Drain | None) -> bool:
    """Whether another drain does to its hosts what the rule wants, and then is over: a host that is
    redeployed need not be redeployed again. This never holds for hosts that must stay out until
    the matter is over."""
    cause = other.control.cause if other is not None else None
    same = cause is not None and cause.rule == group.rule.name
    return same and group.run is None and not group.rule.policy.maintenance.held


def over_at(given: Iterable[Signal]) -> dict[str, datetime]:
    """When matters were over, by the signals that arrived together."""
    found: dict[str, datetime] = {}
    for signal in given:
        if signal.says is not Says.DRAIN and signal.about:
            at = signal.happened_at
            found[signal.about] = max(at, found.get(signal.about, at))
    return found
