"""Why notices wait: their machines are not known, their time is far ahead, or a drain is putting their
hosts back; and what fails for one of them and not for the others."""

import contextlib
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime

from shared.core.drain.model import Drain
from shared.core.events.early import begins
from shared.core.events.notices import Notice, Says
from shared.core.events.triage import AT_LEAST, Group
from shared.core.events.waiting import SOON, looked_for_again, put_back_by
from shared.core.values.hostnames import host_key
from shared.engine.drains import intake
from shared.engine.events.found import Triage
from shared.engine.step.looking import read_pool
from shared.engine.world.outside import Outside
from shared.errors import StorageError

log = logging.getLogger(__name__)


@contextlib.contextmanager
def alone(found: Triage, notices: Iterable[Notice]) -> Iterator[None]:
    """What fails within is told of these notices, which are seen to later; the others go on. Storage
    that fails does so for all."""
    try:
        yield
    except StorageError:
        raise
    except Exception as error:
        log.exception("notices that are seen to later")
        for notice in notices:
            found.later.add(notice.key.digest)
            found.note(notice, f"not seen to yet: {type(error).__name__}: {error}"[:500])


def not_known(
    outside: Outside,
    found: Triage,
    notice: Notice,
    machines: list[str],
    now: datetime,
    *,
    alone: bool,
) -> None:
    """Machines that are no session hosts as far as is known. A pool that could not be read may have
    them; a host that is being made is known a little later. But most of them are none at all."""
    unread = list(
        dict.fromkeys(u for machine in machines for u in outside.directory.unread(machine))
    )
    passing = [u for u in unread if not u.final]
    for u in unread[:5]:
        found.note(notice, f"{u.scope} cannot be read{'' if u.final else ' now'}: {u.why}")
    if passing and now < notice.at + SOON:
        found.later.add(notice.key.digest)
        return
    what = f"{machines[0]}{f' and {len(machines) - 1} more' if len(machines) > 1 else ''}"
    if notice.says is not Says.DRAIN:
        if passing:
            found.later.add(notice.key.digest)
        elif alone:
            _foreign(found, notice)
        return
    until = looked_for_again(notice, now, passing=bool(passing))
    if until is not None:
        found.wait(notice, machines, until)
        found.note(notice, f"{what}: not known as a session host yet; seen to at {_time(until)}")
    elif alone:
        _foreign(found, notice)
    else:
        found.note(notice, f"{what}: no session host of a host pool that this app looks after")


def _foreign(found: Triage, notice: Notice) -> None:
    found.note(notice, "about no session host of a host pool that this app looks after")


async def too_early(outside: Outside, found: Triage, group: Group, now: datetime) -> bool:
    """Whether what a group is about is so far ahead that it is not begun now; then it waits."""
    if group.by is None or group.run is not None:
        return False
    policy, pool = group.rule.policy, group.pool
    last = await outside.store.maintained(pool.key)
    took = max((done.took for done in last.values() if done.took is not None), default=None)
    zone = policy.time_zone or (policy.window.time_zone if policy.window is not None else "")
    if policy.window is not None and not zone:
        zone = intake.zone_of(policy, (await read_pool(outside, pool))[0])
    at, why = begins(policy, group.by, len(group.hosts), took, zone or "UTC")
    if at <= now + AT_LEAST:
        return False
    for notice in group.notices:
        for host in group.hosts:
            found.wait(notice, found.meant(notice, pool.key, host_key(host)), at)
        found.note(
            notice,
            f"host pool '{pool.name}': it is about {_time(group.by)} and begins at {_time(at)}: {why}",
        )
    return True


async def leaving(outside: Outside, found: Triage, group: Group, running: Drain) -> None:
    """Hosts that the drain of the same cause is putting back already, because what it had them for is
    over: who asks for one anew asks again after that."""
    if not put_back_by(group, running, frozenset()):
        return
    asks = {(ask.host, ask.about, ask.at) for ask in await outside.inbox.asks(running.id)}
    for host, notice in put_back_by(group, running, asks):
        if machines := found.meant(notice, group.pool.key, host_key(host)):
            found.note(notice, f"{host} is being put back by drain {running.id}")
            found.taken.setdefault(notice.key.digest, set()).update(machines)


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}Z"
