"""Carries out what triage decided about signals. Every act can be repeated without harm."""

import logging

from shared.core.events.asking import Ask
from shared.core.events.signals import Signal
from shared.core.events.triage import Group
from shared.core.host.orders import Order
from shared.core.values.hostnames import host_key
from shared.core.values.texts import count
from shared.engine.drains import intake, orders
from shared.engine.events.findings import BeginDrain, CallOff, End, Todo, Triage
from shared.engine.events.triage import by
from shared.engine.world.each import error_text
from shared.engine.world.outside import Outside
from shared.errors import ANY, FinalError, OutsideError, RequestRefusedError, StorageError

log = logging.getLogger(__name__)

_MOVED_ON = frozenset({"DrainEnded", "HostEnded", "HostInAnotherDrain"})
"""Refusals that mean: the drains have changed since triage. The signals are judged again."""


async def carry_out(outside: Outside, found: Triage, todo: Todo) -> None:
    """Carry out one decision, and note in ``found`` what came of it. After a passing failure the
    signals are left for later. Raises StorageError."""
    signals = _asking(todo)
    try:
        match todo:
            case BeginDrain():
                drain, text = await _begin(outside, found, todo)
            case CallOff(_, run, why):
                await outside.update_runs.cancel(run)
                drain, text = "", f"the run was cancelled: {why}"
            case End():
                drain, text = await _end(outside, todo)
    except RequestRefusedError as refused:
        later = refused.passing or refused.code in _MOVED_ON
        found.leave(signals, "; ".join(refused.texts), later=later)
    except OutsideError as error:
        later = not isinstance(error, FinalError)
        found.leave(signals, f"not done{' yet' if later else ''}: {error}", later=later)
    except StorageError:
        raise
    except Exception as error:
        log.exception("signals that are seen to later")
        found.leave(signals, f"not done yet: {error_text(error)}"[:500])
    else:
        for signal in signals:
            found.note(signal, text)
            found.acted.setdefault(signal.key.digest, []).append(drain)


def _asking(todo: Todo) -> tuple[Signal, ...]:
    match todo:
        case BeginDrain(group):
            return group.signals
        case CallOff(signals):
            return signals
        case End(signal):
            return (signal,)


async def _begin(outside: Outside, found: Triage, todo: BeginDrain) -> tuple[str, str]:
    group = todo.group
    drain, text = todo.drain, ""
    if not drain:
        started = await intake.start(outside, todo.asked, by(group.rule.name))
        drain, text = started.id, f"started drain {started.id}"
        whole = await outside.store.load(drain)  # an earlier try may have started it already
        there = {host.key for host in whole.hosts} if whole is not None else set()
        more = tuple(host for host in todo.hosts if host_key(host) not in there)
    else:
        more = todo.hosts
        text = f"in drain {drain}"
    await outside.inbox.note_asks(drain, _asks(found, group))
    if group.run is not None:
        await outside.inbox.note_cause(group.signals[0].about, drain)
    if more:
        order = Order(by(group.rule.name), outside.clock.now(), group.reason)
        await orders.add(outside, drain, ANY, more, order, pass_over_ended=True)
        text = f"added to drain {drain}"
    return drain, text


def _asks(found: Triage, group: Group) -> list[Ask]:
    """What asks for each host. With two causes for one host, each is ended by its own end."""
    return [
        Ask(host_key(host), signal.about, signal.happened_at)
        for signal in group.signals
        for host in group.hosts
        if signal.about and not _waits_for(found, group, signal, host)
    ]


def _waits_for(found: Triage, group: Group, signal: Signal, host: str) -> bool:
    """Whether a signal is not about a host, or waits for another drain to be done with it."""
    meant = found.meant(signal, group.pool.key, host_key(host))
    return not meant or bool(meant & found.taken.get(signal.key.digest, set()))


async def _end(outside: Outside, todo: End) -> tuple[str, str]:
    order = Order("an event", outside.clock.now(), todo.signal.reason)
    if todo.release:
        await orders.release(outside, todo.drain, ANY, todo.release, order)
    if todo.skip:
        await orders.skip(outside, todo.drain, ANY, todo.skip, order)
    words = [
        f"{count(len(some), 'host')} {what}"
        for some, what in ((todo.release, "released"), (todo.skip, "left alone"))
        if some
    ]
    return todo.drain, f"drain {todo.drain}: {', '.join(words)}"
