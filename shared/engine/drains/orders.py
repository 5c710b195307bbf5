"""Orders for a drain that exists. Each is checked, then written at the version that was read."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from shared.core.drain.additions import with_added
from shared.core.drain.history import ordered
from shared.core.drain.history.facts import Ordered
from shared.core.drain.model import Control, Drain
from shared.core.drain.room import is_full
from shared.core.drain.summary.overview import Overview, overview_of
from shared.core.host.orders import Addition, Extension, Order, Pause
from shared.core.host.status import ENDED
from shared.core.users.deadlines import due_at
from shared.core.values.hostnames import Named, resolve
from shared.engine.drains.reading import control, overview, whole
from shared.engine.step.poolfacts import (
    hosts_taken,
    kept_drained_of,
    name_faults,
    read_pool,
    to_queue,
)
from shared.engine.world.outside import Outside
from shared.errors import (
    ChangedError,
    Fault,
    RecordTooLargeError,
    RefusalKind,
    RequestRefusedError,
    condition_not_met,
    invalid,
    require_version,
)
from shared.ports import TakeStep

LOOK_AFTER = timedelta(minutes=15)
"""If the app dies while hosts are added to a drain that ends meanwhile, a step after this time
releases their claims. No function runs that long."""
_TRIES = 5
_WITH_REASON = 50
"""How many skipped hosts have the reason in their own record."""

Change = Callable[[Drain], tuple[Control, Ordered]]
"""Makes of a drain its new control, and the order's entry for its history."""


async def cancel(outside: Outside, drain: str, on: str, order: Order) -> Overview:
    """Ask that a drain stops and puts back the hosts that are out. A drain that has ended stays as
    it is."""

    def change(found: Drain) -> tuple[Control, Ordered]:
        return replace(found.control, cancel=found.control.cancel or order), Ordered("cancel")

    return await _order(outside, drain, on, order, change)


async def release(
    outside: Outside,
    drain: str,
    on: str,
    hosts: tuple[str, ...] | None,
    order: Order,
    *,
    pass_over_ended: bool = False,
) -> Overview:
    """Report that the maintenance of some hosts, or (None) of all, is done. Raises
    RequestRefusedError if a host has ended, unless ``pass_over_ended``: then that host is left out,
    for callers who cannot react to a refusal."""

    def change(found: Drain) -> tuple[Control, Ordered]:
        kind = found.control.policy.maintenance
        if not kind.held:
            text = f"the drain's maintenance is '{kind.kind}': it does not wait to be released"
            raise RequestRefusedError(RefusalKind.CONFLICT, "NothingToRelease", text)
        control = found.control
        if hosts is None:
            return replace(control, release_all=control.release_all or order), Ordered("release")
        keys = _named(found, hosts)
        late = _refuse_ended(found, "release", keys, pass_over_ended)
        new = [k for k in keys if k not in late and control.released(k) is None]
        after = replace(control, releases={**control.releases, **dict.fromkeys(new, order)})
        return after, Ordered("release", tuple(new))

    return await _order(outside, drain, on, order, change, bounded=hosts is not None)


async def skip(
    outside: Outside, drain: str, on: str, hosts: tuple[str, ...], order: Order
) -> Overview:
    """Ask that some hosts are not maintained after all. A host that is out is put back."""

    def change(found: Drain) -> tuple[Control, Ordered]:
        control, keys = found.control, _named(found, hosts)
        _refuse_ended(found, "skip", keys)
        new = [k for k in keys if k not in control.skips]
        # With few skipped hosts, each record has the reason. With many, only the history has it, to
        # save room.
        each = order if len(new) + len(control.skips) <= _WITH_REASON else replace(order, why="")
        after = replace(control, skips={**control.skips, **dict.fromkeys(new, each)})
        return after, Ordered("skip", tuple(new))

    return await _order(outside, drain, on, order, change)


async def extend(
    outside: Outside,
    drain: str,
    on: str,
    more: timedelta,
    hosts: tuple[str, ...] | None,
    order: Order,
) -> Overview:
    """Give the users of some hosts, or (None) of all, more time."""

    def change(found: Drain) -> tuple[Control, Ordered]:
        named = _named(found, hosts) if hosts is not None else []
        _refuse_ended(found, "extend", named)
        extension = Extension(order, more, frozenset(named))
        control = replace(found.control, extensions=(*found.control.extensions, extension))
        until = _latest(replace(found, control=control), named, order.at)
        return control, Ordered("extend", tuple(named), more, until)

    return await _order(outside, drain, on, order, change, bounded=True)


def _latest(drain: Drain, named: list[str], now: datetime) -> datetime | None:
    """The latest deadline of the named hosts, or of all if none is named. None: none of them has a
    deadline yet."""
    meant = [h for h in drain.hosts if not h.ended and (not named or h.key in named)]
    found = [due_at(drain.control, host, now) for host in meant]
    return max((at for at in found if at is not None), default=None)


async def pause(
    outside: Outside, drain: str, on: str, stop_clocks: bool, order: Order, campaign: str = ""
) -> Overview:
    """Take no new host out, sign no user out and begin no maintenance until resumed. ``campaign``:
    the id of the campaign that asks for it; empty: none does."""

    def change(found: Drain) -> tuple[Control, Ordered]:
        what = Ordered("pause", stop_clocks=stop_clocks)
        if found.control.paused is not None:
            return found.control, what
        pauses = (*found.control.pauses, Pause(order, stop_clocks, campaign=campaign))
        return replace(found.control, pauses=pauses), what

    return await _order(outside, drain, on, order, change, bounded=True)


async def resume(outside: Outside, drain: str, on: str, order: Order) -> Overview:
    """End the drain's pause."""

    def change(found: Drain) -> tuple[Control, Ordered]:
        pauses = tuple(
            replace(p, resumed=order) if p.resumed is None else p for p in found.control.pauses
        )
        return replace(found.control, pauses=pauses), Ordered("resume")

    return await _order(outside, drain, on, order, change)


async def add(
    outside: Outside,
    drain: str,
    on: str,
    hosts: tuple[str, ...],
    order: Order,
    *,
    pass_over_ended: bool = False,
) -> Overview:
    """Add hosts of the pool to a drain that has not ended. Raises RequestRefusedError if a host has
    ended in this drain, unless ``pass_over_ended``."""
    found = await whole(outside, drain)
    _, listed = await read_pool(outside, found.control.pool)
    meant = _meant(found, hosts, listed)
    known = {h.key for h in found.hosts} | {a.key for a in found.control.additions}
    new = [host for host in meant if host.key not in known]
    kept_drained = kept_drained_of(await outside.store.claims(found.control.pool.key))

    def change(found: Drain) -> tuple[Control, Ordered]:
        there = {addition.key for addition in found.control.additions}
        more = [
            Addition(order, h.key, h.name, h.object_id, h.vm_id, kept_drained.get(h.key))
            for h in new
            if h.key not in there
        ]
        control = replace(found.control, additions=(*found.control.additions, *more))
        return control, Ordered("add", tuple(a.key for a in more))

    require_version("drain", on, found.version)
    if found.progress.status in ENDED:
        text = "the drain has ended: start another one"
        raise RequestRefusedError(RefusalKind.CONFLICT, "DrainEnded", text)
    _refuse_ended(found, "add", [host.key for host in meant], pass_over_ended)
    await outside.queue.send(TakeStep(drain), LOOK_AFTER)
    wanted = [to_queue(host, order, kept_drained.get(host.key)) for host in new]
    taken = await outside.store.speak_for(found, wanted)
    if taken:
        raise hosts_taken(taken)
    try:
        return await _order(outside, drain, on, order, change, bounded=True)
    finally:
        await _let_go(outside, drain, {host.key for host in new})


async def _let_go(outside: Outside, drain: str, hosts: set[str]) -> None:
    """Release the claims of hosts that were claimed and not added: the order was refused, or the
    drain has ended."""
    added = {a.key for a in (await control(outside, drain)).additions}
    await outside.store.let_go(drain, hosts - added)


async def _order(
    outside: Outside, drain: str, on: str, order: Order, change: Change, *, bounded: bool = False
) -> Overview:
    """Change a drain's control, if the drain is at the version that the caller saw (``on``), and
    send for its next step. With version ``ANY`` a conflict is retried. ``bounded``: the order may
    be refused for want of room in the record; orders that bring hosts back may not. Raises
    RequestRefusedError."""
    for _ in range(_TRIES):
        found = await whole(outside, drain)
        require_version("drain", on, found.version)
        if found.progress.status in ENDED:
            return overview_of(found)
        control, what = change(found)
        if control == found.control:  # whoever gave it may have died before sending
            await outside.queue.send(TakeStep(drain), timedelta(0))
            return overview_of(found)
        if bounded and is_full(control):
            raise _too_many(what)
        try:
            entry = ordered.entry_for(replace(found, control=control), what, order)
            await outside.store.change(found, control, [entry])
        except ChangedError:
            continue
        except RecordTooLargeError as error:
            raise _too_many(what) from error
        await outside.queue.send(TakeStep(drain), timedelta(0))
        return await overview(outside, drain)
    raise condition_not_met("drain")


def _too_many(what: Ordered) -> RequestRefusedError:
    text = (
        f"so much was ordered of this drain that its record has no room for '{what.what}'; "
        "'cancel', 'skip' and the release of all hosts have one"
    )
    return RequestRefusedError(RefusalKind.CONFLICT, "TooManyOrders", text)


def _refuse_ended(
    found: Drain, what: str, keys: list[str], pass_over: bool = False
) -> frozenset[str]:
    """The keys of the hosts that have ended, for which the order comes too late. Raises
    RequestRefusedError that names each of them unless ``pass_over``; then the order is given to no
    host."""
    late = ordered.ended(found, what, keys)
    if late and not pass_over:
        faults = tuple(Fault("HostEnded", "hosts", ordered.too_late(h, what)) for h in late)
        text = "; ".join(fault.text for fault in faults)
        raise RequestRefusedError(RefusalKind.CONFLICT, "HostEnded", text, faults, "hosts")
    return frozenset(host.key for host in late)


def _named(found: Drain, hosts: tuple[str, ...]) -> list[str]:
    return [host.key for host in _meant(found, hosts, with_added(found))]


def _meant[N: Named](found: Drain, hosts: tuple[str, ...], among: Iterable[N]) -> tuple[N, ...]:
    """Raises RequestRefusedError with a fault for each name that does not mean one host."""
    meant, wrong = resolve(hosts, among, found.control.pool)
    if wrong:
        raise invalid(tuple(name_faults(wrong)))
    return meant
