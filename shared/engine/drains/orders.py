"""Orders for a drain that exists: each is checked, then written on the version that was read."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from shared.core.drain.model import Control, Drain, Entry
from shared.core.host.orders import Addition, Extension, Order, Pause
from shared.core.host.status import ENDED
from shared.core.values.drainid import is_drain_id
from shared.core.values.hostnames import resolve
from shared.engine.step.looking import hosts_taken, left_drained, name_faults, read_pool, to_queue
from shared.engine.world.outside import Outside
from shared.errors import ChangedError, RefusalKind, RequestRefusedError, invalid
from shared.ports import Work

ANY = "*"
LOOK_AFTER = timedelta(minutes=15)
"""Should the app die over adding hosts to a drain that ends meanwhile, the drain is looked at again,
and lets go of them. No function runs so long."""
_TRIES = 5

Change = Callable[[Drain, Order], Control]


async def find(outside: Outside, drain: str) -> Drain:
    """The drain. Raises RequestRefusedError when there is none."""
    found = await outside.store.load(drain) if is_drain_id(drain) else None
    if found is None:
        text = f"there is no drain '{drain}'"
        raise RequestRefusedError(RefusalKind.NOT_FOUND, "DrainNotFound", text)
    return found


async def cancel(outside: Outside, drain: str, on: str, order: Order) -> Drain:
    """Ask that a drain stops and restores what is out. A drain that has ended stays as it is."""

    def change(found: Drain, order: Order) -> Control:
        return replace(found.control, cancel=found.control.cancel or order)

    return await _order(outside, drain, on, order, "cancel", change)


async def release(
    outside: Outside, drain: str, on: str, hosts: tuple[str, ...] | None, order: Order
) -> Drain:
    """Say that the maintenance of some hosts, or (None) of all, is done."""

    def change(found: Drain, order: Order) -> Control:
        kind = found.control.policy.maintenance
        if not kind.held:
            text = f"the drain's maintenance is '{kind.kind}': it does not wait to be released"
            raise RequestRefusedError(RefusalKind.CONFLICT, "NothingToRelease", text)
        if hosts is None:
            return replace(found.control, release_all=order)
        named = dict.fromkeys(_named(found, hosts), order)
        return replace(found.control, releases={**found.control.releases, **named})

    return await _order(outside, drain, on, order, "release", change)


async def skip(
    outside: Outside, drain: str, on: str, hosts: tuple[str, ...], order: Order
) -> Drain:
    """Say that some hosts are not to be maintained after all: one that is out is put back."""

    def change(found: Drain, order: Order) -> Control:
        named = dict.fromkeys(_named(found, hosts), order)
        return replace(found.control, skips={**found.control.skips, **named})

    return await _order(outside, drain, on, order, "skip", change)


async def extend(
    outside: Outside,
    drain: str,
    on: str,
    more: timedelta,
    hosts: tuple[str, ...] | None,
    order: Order,
) -> Drain:
    """Give the users of some hosts, or (None) of all, more time."""

    def change(found: Drain, order: Order) -> Control:
        named = frozenset(_named(found, hosts)) if hosts is not None else frozenset[str]()
        extension = Extension(order, more, named)
        return replace(found.control, extensions=(*found.control.extensions, extension))

    return await _order(outside, drain, on, order, "extend", change)


async def pause(outside: Outside, drain: str, on: str, stop_clocks: bool, order: Order) -> Drain:
    """Take no new host out, sign nobody out, begin no maintenance, until resumed."""

    def change(found: Drain, order: Order) -> Control:
        if found.control.paused is not None:
            return found.control
        return replace(found.control, pauses=(*found.control.pauses, Pause(order, stop_clocks)))

    return await _order(outside, drain, on, order, "pause", change)


async def resume(outside: Outside, drain: str, on: str, order: Order) -> Drain:
    def change(found: Drain, order: Order) -> Control:
        pauses = tuple(
            replace(p, resumed=order) if p.resumed is None else p for p in found.control.pauses
        )
        return replace(found.control, pauses=pauses)

    return await _order(outside, drain, on, order, "resume", change)


async def add(outside: Outside, drain: str, on: str, hosts: tuple[str, ...], order: Order) -> Drain:
    """Add hosts of the pool to a drain that has not ended."""
    found = await find(outside, drain)
    _, listed = await read_pool(outside, found.control.pool)
    meant, wrong = resolve(hosts, listed, found.control.pool)
    if wrong:
        raise invalid(tuple(name_faults(wrong)))
    known = {h.key for h in found.hosts} | {a.key for a in found.control.additions}
    new = [host for host in meant if host.key not in known]

    kept = left_drained(await outside.store.claims(found.control.pool.key))

    def change(found: Drain, order: Order) -> Control:
        there = {addition.key for addition in found.control.additions}
        more = [
            Addition(order, h.key, h.name, h.object_id, h.vm_id, kept.get(h.key))
            for h in new
            if h.key not in there
        ]
        return replace(found.control, additions=(*found.control.additions, *more))

    _check(found, on)
    if found.progress.status in ENDED:
        text = "the drain has ended: start another one"
        raise RequestRefusedError(RefusalKind.CONFLICT, "DrainEnded", text)
    await outside.queue.send(Work(drain), LOOK_AFTER)
    wanted = [to_queue(host, order, kept.get(host.key)) for host in new]
    taken = await outside.store.speak_for(found, wanted)
    if taken:
        raise hosts_taken(taken)
    try:
        return await _order(outside, drain, on, order, "add", change)
    finally:
        await _let_go(outside, drain, {host.key for host in new})


async def _let_go(outside: Outside, drain: str, hosts: set[str]) -> None:
    """Of hosts that were spoken for and not added: refused, or the drain has ended meanwhile."""
    added = {a.key for a in (await find(outside, drain)).control.additions}
    await outside.store.let_go(drain, hosts - added)


async def _order(
    outside: Outside, drain: str, on: str, order: Order, what: str, change: Change
) -> Drain:
    """Change what is asked of a drain, if it is the version the caller saw (``on``), and wake it.
    Whoever does not care about versions is tried again."""
    for _ in range(_TRIES):
        found = await find(outside, drain)
        _check(found, on)
        if found.progress.status in ENDED:
            return found
        control = change(found, order)
        if control == found.control:
            return found
        try:
            entry = Entry(order.at, f"{what} asked for", "", order.by, order.why)
            await outside.store.change(found, control, [entry])
        except ChangedError:
            continue
        await outside.queue.send(Work(drain), timedelta(0))
        return await find(outside, drain)
    raise _changed()


def _check(found: Drain, on: str) -> None:
    if on not in (ANY, found.version):
        raise _changed()


def _changed() -> RequestRefusedError:
    text = "the drain was changed since you read it: read it again, and decide again"
    return RequestRefusedError(RefusalKind.CHANGED, "ConditionNotMet", text, target="If-Match")


def _named(found: Drain, hosts: tuple[str, ...]) -> list[str]:
    meant, wrong = resolve(hosts, found.hosts, found.control.pool)
    if wrong:
        raise invalid(tuple(name_faults(wrong)))
    return [host.key for host in meant]
