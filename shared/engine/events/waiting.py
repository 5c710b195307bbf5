"""Why signals wait: their machines are not known, their time is far ahead, or a drain is putting
their hosts back. And the guard that keeps one signal's failure from the others."""

import contextlib
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime

from shared.core.drain.model import Drain
from shared.core.events.early import begins
from shared.core.events.signals import Says, Signal
from shared.core.events.triage import AT_LEAST, Group
from shared.core.events.waiting import SOON, looked_for_again, put_back_by
from shared.core.values.hostnames import host_key
from shared.engine.drains.checking import zone_of
from shared.engine.events.findings import Triage
from shared.engine.step.poolfacts import read_pool
from shared.engine.world.each import error_text
from shared.engine.world.outside import Outside
from shared.errors import StorageError

log = logging.getLogger(__name__)


@contextlib.contextmanager
def alone(found: Triage, signals: Iterable[Signal]) -> Iterator[None]:
    """Run the body for these signals only: if it fails, they are left for later with a note, and
    the others go on. Raises StorageError, since storage that fails does so for all."""
    try:
        yield
    except StorageError:
        raise
    except Exception as error:
        log.exception("signals that are seen to later")
        found.leave(signals, f"not seen to yet: {error_text(error)}"[:500])


def not_known(
    outside: Outside,
    found: Triage,
    signal: Signal,
    machines: list[str],
    now: datetime,
    *,
    alone: bool,
) -> None:
    """Decide about machines that are not known as session hosts. A pool that could not be read may
    have them, and a host that is being created is known a little later; but most of them are no
    session hosts. ``alone``: the signal has no known host besides."""
    unread = list(
        dict.fromkeys(u for machine in machines for u in outside.directory.unread(machine))
    )
    passing = [u for u in unread if not u.final]
    for u in unread[:5]:
        found.note(signal, f"{u.scope} cannot be read{'' if u.final else ' now'}: {u.why}")
    if passing and now < signal.at + SOON:
        found.later.add(signal.key.digest)
        return
    what = f"{machines[0]}{f' and {len(machines) - 1} more' if len(machines) > 1 else ''}"
    if signal.says is not Says.DRAIN:
        if passing:
            found.later.add(signal.key.digest)
        elif alone:
            _foreign(found, signal)
        return
    until = looked_for_again(signal, now, passing=bool(passing))
    if until is not None:
        found.wait(signal, machines, until)
        found.note(signal, f"{what}: not known as a session host yet; seen to at {_time(until)}")
    elif alone:
        _foreign(found, signal)
    else:
        found.note(signal, f"{what}: no session host of a host pool that this app looks after")


def _foreign(found: Triage, signal: Signal) -> None:
    found.note(signal, "about no session host of a host pool that this app looks after")


async def too_early(outside: Outside, found: Triage, group: Group, now: datetime) -> bool:
    """Whether the time that a group is about is so far ahead that its drain does not begin now.
    Then its signals wait."""
    if group.by is None or group.run is not None:
        return False
    policy, pool = group.rule.policy, group.pool
    last = await outside.store.maintained(pool.key)
    took = max((done.took for done in last.values() if done.took is not None), default=None)
    zone = policy.time_zone or (policy.window.time_zone if policy.window is not None else "")
    if policy.window is not None and not zone:
        zone = zone_of(policy, (await read_pool(outside, pool))[0])
    at, why = begins(policy, group.by, len(group.hosts), took, zone or "UTC")
    if at <= now + AT_LEAST:
        return False
    for signal in group.signals:
        for host in group.hosts:
            found.wait(signal, found.meant(signal, pool.key, host_key(host)), at)
        found.note(
            signal,
            f"host pool '{pool.name}': it is about {_time(group.by)} and begins at {_time(at)}: {why}",
        )
    return True


async def leaving(outside: Outside, found: Triage, group: Group, running: Drain) -> None:
    """Note the hosts that the running drain of the same cause is already putting back, because its
    reason to have them is over. Whoever asks for such a host anew asks again after that."""
    if not put_back_by(group, running, frozenset()):
        return
    asks = {(ask.host, ask.about, ask.at) for ask in await outside.inbox.asks(running.id)}
    for host, signal in put_back_by(group, running, asks):
        text = f"{host} is being put back by drain {running.id}"
        found.note_taken(signal, group.pool.key, host_key(host), text)


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}Z"
