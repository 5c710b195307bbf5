"""What a signal ends: the hosts of drains whose cause is over."""

from collections.abc import Collection, Mapping
from datetime import datetime

from shared.core.drain.model import Drain
from shared.core.events.asking import Ask, over
from shared.core.events.ending import asked_for_now, freed, is_ended_by, meant
from shared.core.events.signals import Signal
from shared.core.events.triage import Group, Serving
from shared.core.values.hostnames import host_key
from shared.engine.events.findings import End, Triage
from shared.engine.world.drains import going_on, hosts_of, recorded
from shared.engine.world.outside import Outside


async def end(
    outside: Outside,
    found: Triage,
    signal: Signal,
    hosts: list[Serving],
    overs: Mapping[str, datetime],
    asking: Collection[Group],
) -> None:
    """Decide which hosts of which drains the signal ends, and add that to ``found``. It ends hosts
    of drains that events started; a person's drain is a person's to end. A host that another matter
    asks for stays out until that matter is over too. ``overs``: when each matter ended that ends
    with signals of the same moment. ``asking``: what else is asked for at that moment."""
    if signal.run is not None:
        earlier = await outside.inbox.causes(signal.run.id)  # older versions used this key
        ids = (*await outside.inbox.causes(signal.about), *earlier)
        wanted = None
    else:
        wanted = {(here.pool.key, host_key(here.host)) for here in hosts}
        pools = dict.fromkeys(key for key, _ in wanted)
        claims = [(key, claim) for key in pools for claim in await outside.store.claims(key)]
        ids = tuple(c.drain for key, c in claims if not c.free and (key, c.host) in wanted)
    ended = False
    unreadable: set[str] = set()
    known = await recorded(outside, ids, unreadable)
    for drain in going_on(known):
        if not is_ended_by(drain, signal):
            continue
        pool, hosts_meant = drain.control.pool.key, meant(drain, wanted)
        added = hosts_of(drain) - {host.key for host in drain.hosts}
        if any(wanted is None or (pool, key) in wanted for key in added):
            found.later.add(signal.key.digest)  # the next step takes the added hosts in
        stay = await _stay(outside, drain, signal, overs, asking) if wanted is not None else {}
        for host in hosts_meant:
            if host.key in stay:
                found.note(signal, f"{host.name} stays out: {stay[host.key]} asks for it, too")
        if out := freed(drain, hosts_meant, stay):
            found.todos.append(End(signal, drain.id, out.release, out.skip))
            ended = True
    for id_ in sorted(unreadable):
        found.leave([signal], f"drain {id_} cannot be read")
    if not ended:
        found.note(signal, "no host is out for what it is about")


async def _stay(
    outside: Outside,
    drain: Drain,
    signal: Signal,
    overs: Mapping[str, datetime],
    asking: Collection[Group],
) -> Mapping[str, str]:
    """The hosts of the drain that something else asks for, with what asks."""
    stay = asked_for_now(drain, asking)
    for ask in await outside.inbox.asks(drain.id):
        if ask.host in stay or ask.about.lower() == signal.about.lower():
            continue
        if not await _is_over(outside, ask, overs):
            stay[ask.host] = ask.about
    return stay


async def _is_over(outside: Outside, ask: Ask, overs: Mapping[str, datetime]) -> bool:
    return over(ask, overs.get(ask.about)) or over(ask, await outside.inbox.over(ask.about))
