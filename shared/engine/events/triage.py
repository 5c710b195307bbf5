"""Decides what is to be done about signals, given the estate and the drains as they are now. It
only reads, so that it also serves the preview."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from shared.core.drain.model import Drain
from shared.core.events.rules import OverTheFloor
from shared.core.events.signals import Says, Signal, machine_key
from shared.core.events.triage import (
    Group,
    Serving,
    cancel_by,
    decided_within,
    drain_of,
    groups,
    not_empty,
    policy_for,
    stale,
)
from shared.core.events.waiting import does_the_same, is_given_up, machines_may_show, over_at
from shared.core.start.request import Start
from shared.core.start.selection import Selection
from shared.core.values.drainid import drain_id
from shared.core.values.hostnames import host_key
from shared.engine.drains import intake
from shared.engine.events.endings import end
from shared.engine.events.findings import BeginDrain, CallOff, Triage
from shared.engine.events.waiting import alone, leaving, not_known, too_early
from shared.engine.world.drains import going_on, hosts_of, recorded
from shared.engine.world.outside import Outside
from shared.engine.world.together import together
from shared.errors import FinalError, RequestRefusedError, StorageError


async def triage(outside: Outside, signals: Iterable[Signal]) -> Triage:
    """What is to be done about the signals. After a passing or an unforeseen failure, the signals
    it concerns are left for later, with a note; the other signals go on. Raises StorageError."""
    now = outside.clock.now()
    found = Triage()
    given = tuple(signals)
    over = over_at(given)
    drains: list[tuple[Signal, tuple[str, ...]]] = []
    asking = sorted({n.about for n in given if n.says is Says.DRAIN and n.about})
    known = dict(zip(asking, await together(outside.inbox.over, asking), strict=True))
    for signal in given:
        if _senseless(found, signal, now, (known.get(signal.about), over.get(signal.about))):
            continue
        if (machines := await _machines(outside, found, signal, now)) is not None:
            drains.append((signal, machines))
    where = await _where(outside, drains)
    for machine, here in where.items():
        found.serves.setdefault((here.pool.key, host_key(here.host)), set()).add(machine)
    found.asks = {signal.key.digest: frozenset(machines) for signal, machines in drains}
    asked: list[tuple[Signal, list[Serving]]] = []
    ends: list[tuple[Signal, list[Serving]]] = []
    for signal, machines in drains:
        hosts = [where[machine] for machine in machines if machine in where]
        unknown = [machine for machine in machines if machine not in where]
        if unknown and not (hosts and signal.run is not None):
            not_known(outside, found, signal, unknown, now, alone=not hosts)
        if signal.says is Says.DRAIN:
            asked.append((signal, hosts))
        elif signal.key.digest not in found.later and (hosts or signal.run is not None):
            ends.append((signal, hosts))
    made, undone = groups(asked, outside.options.rules)
    for digest, texts in undone.items():
        found.notes.setdefault(digest, []).extend(texts)
    for signal, hosts in ends:
        with alone(found, (signal,)):
            await end(outside, found, signal, hosts, over, made)
    await _begin(outside, found, made, now)
    return found


def _senseless(
    found: Triage, signal: Signal, now: datetime, over: Iterable[datetime | None]
) -> bool:
    """Whether nothing is done about a signal any more; a note says why. ``over``: when its matter
    ended, as far as known."""
    if is_given_up(signal, now):
        found.leave([signal], "given up: for a day it could not be seen to", later=False)
        return True
    if signal.says is not Says.DRAIN:
        return False
    why = stale(signal, now, max((at for at in over if at), default=None))
    found.note(signal, why)
    return bool(why)


async def _where(
    outside: Outside, drains: Iterable[tuple[Signal, tuple[str, ...]]]
) -> Mapping[str, Serving]:
    machines = {machine for _, some in drains for machine in some}
    if not machines:
        return {}
    return await outside.directory.find(outside.plane, outside.clock, machines)


async def _machines(
    outside: Outside, found: Triage, signal: Signal, now: datetime
) -> tuple[str, ...] | None:
    """The signal's machines, by key. None: the signal is left for later, or refused."""
    if signal.machines or signal.run is None or signal.says is not Says.DRAIN:
        return tuple(machine_key(machine) for machine in signal.machines)
    try:
        listed = await outside.update_runs.machines(signal.run.id, signal.run.subscriptions)
    except FinalError as error:
        text = f"the machines of the run cannot be found: {error}"
        found.leave([signal], text, later=False)
        return None
    except StorageError:
        raise
    except Exception as error:  # noqa: BLE001 - an error of any kind spoils this run only
        found.leave([signal], f"the machines of the run cannot be found now: {error}")
        return None
    if not listed and machines_may_show(signal, now):
        found.leave([signal], "no machine of the run is known yet")
        return None
    return tuple(machine_key(machine) for machine in listed)


async def _begin(outside: Outside, found: Triage, made: tuple[Group, ...], now: datetime) -> None:
    """Judge each group. A maintenance run that the floor forbids in any pool is cancelled as a
    whole, before anything is begun."""
    off: dict[str, str] = {}
    begins: list[tuple[Group, BeginDrain]] = []
    for group in made:
        judged = None
        with alone(found, group.signals):
            try:
                judged = await _judged(outside, found, group, now)
            except RequestRefusedError as refused:
                text = f"host pool '{group.pool.name}': {'; '.join(refused.texts)}"
                found.leave(group.signals, text, later=refused.passing)
        if judged is None:
            continue
        begin, text, remain = judged
        run = group.run
        if remain:
            off.setdefault(group.about, f"host pool '{group.pool.name}': {remain}")
        if text and run is not None and group.rule.over_the_floor is OverTheFloor.CANCEL_RUN:
            last = cancel_by(run, outside.options.cancel_lead)
            if now < last:
                off.setdefault(run.id, f"host pool '{group.pool.name}': {text}")
            else:
                late = "too late to cancel the run: what fits is drained"
                text = f"{text}; {late}"
        for signal in group.signals:
            found.note(signal, f"host pool '{group.pool.name}': {text}" if text else "")
        begins.append((group, begin))
    for run_id, why in off.items():
        asking = [n for g, _ in begins if g.about == run_id for n in g.signals]
        by_digest = {signal.key.digest: signal for signal in asking}
        found.todos.append(CallOff(tuple(by_digest.values()), run_id, why))
    found.todos += [b for g, b in begins if g.about not in off and (b.hosts or b.drain)]


async def _judged(
    outside: Outside, found: Triage, group: Group, now: datetime
) -> tuple[BeginDrain, str, str] | None:
    """What to begin, what the floor says against it, and why its run must not go on (both empty:
    nothing). None: it is too early to begin."""
    claims = await outside.store.claims(group.pool.key)
    known = await recorded(outside, (claim.drain for claim in claims if not claim.free))
    running = drain_of(group, going_on(known))
    if running is None and await too_early(outside, found, group, now):
        return None
    there = hosts_of(running) if running is not None else set()
    if running is not None:
        await leaving(outside, found, group, running)
    # After a crash, a drain may be recorded in part, or only have claimed a host.
    own = {drain_id(group.pool.key, group.unique), running.id if running is not None else ""}
    others = {
        c.host: c.drain for c in claims if not c.free and c.host not in there and c.drain not in own
    }
    taken = {host: d for host in group.hosts if (d := others.get(host_key(host))) is not None}
    for host, drain in taken.items():
        waits, text = not does_the_same(group, known[drain]), f"{host} is in drain {drain} already"
        for signal in group.signals:
            found.note_taken(signal, group.pool.key, host_key(host), text, waits=waits)
    remain = _remain(outside, found, group, {h: known[d] for h, d in taken.items()}, now)
    missing = tuple(h for h in group.hosts if host_key(h) not in there | others.keys())
    policy = policy_for(group, now, outside.options.cancel_lead)
    asked = Start(
        group.pool, Selection(names=missing), group.reason[:500], policy,
        group.rule.allow_personal, group.unique, group.unique, cause=group.cause,
    )  # fmt: skip
    begin = BeginDrain(group, asked, running.id if running else "", missing)
    if running is not None or group.run is None or not missing:
        return begin, "", remain
    fit = await intake.fits(outside, asked, by(group.rule.name))
    if fit.hosts >= fit.wanted:
        return begin, "", remain
    text = f"only {fit.hosts} of {fit.wanted} hosts may go out together: {fit.text}"
    return begin, text, remain


def _remain(
    outside: Outside,
    found: Triage,
    group: Group,
    taken: Mapping[str, Drain | None],
    now: datetime,
) -> str:
    """Which hosts of a maintenance run belong to other drains and are not known to be empty, once
    it is time to decide whether the run goes on. Empty: no such hosts, or not time yet."""
    deciding = decided_within(group, outside.options.cancel_lead)
    if deciding is None or not taken:
        return ""
    begins, ends = deciding
    if now < begins:
        found.decide_at(begins)
    return not_empty(taken) if begins <= now < ends else ""


def by(rule: str) -> str:
    """The author of what an event's rule asks for, as the history shows it."""
    return f"an event (rule '{rule}')"
