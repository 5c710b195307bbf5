"""What a notice ends: the hosts of drains whose cause is over."""

from collections.abc import Collection, Mapping
from datetime import datetime

from shared.core.drain.model import Drain
from shared.core.events.asking import Ask, over
from shared.core.events.notices import Notice
from shared.core.events.triage import Group, Serving, kin
from shared.core.host.phases import Phase
from shared.core.values.hostnames import host_key
from shared.engine.events.found import End, Triage
from shared.engine.world.outside import Outside
from shared.engine.world.recorded import going_on, hosts_of, recorded

_BEFORE = (Phase.QUEUED, Phase.DRAINING, Phase.EMPTY)


async def end(
    outside: Outside,
    found: Triage,
    notice: Notice,
    hosts: list[Serving],
    overs: Mapping[str, datetime],
    asking: Collection[Group],
) -> None:
    """Only of drains that events have started: what a person asked for is a person's to end. A host
    for which another matter asks stays out until that is over too. ``overs``: matters that are over
    by what came at the same moment; ``asking``: what else is asked for then."""
    if notice.run is not None:
        earlier = await outside.inbox.causes(notice.run.id)  # an older version noted it so
        ids = (*await outside.inbox.causes(notice.about), *earlier)
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
        if drain.control.cause is None or drain.control.cause.source not in notice.ends:
            continue
        pool = drain.control.pool.key
        meant = [
            host for host in drain.hosts
            if not host.ended and (wanted is None or (pool, host.key) in wanted)
        ]  # fmt: skip
        added = hosts_of(drain) - {host.key for host in drain.hosts}
        if any(wanted is None or (pool, key) in wanted for key in added):
            found.later.add(notice.key.digest)  # the next step takes them in
        stay = await _stay(outside, drain, notice, overs, asking) if wanted is not None else {}
        for host in meant:
            if host.key in stay:
                found.note(notice, f"{host.name} stays out: {stay[host.key]} asks for it, too")
        held = drain.control.policy.maintenance.held
        meant = [host for host in meant if host.key not in stay]
        release = tuple(h.key for h in meant if h.phase is Phase.MAINTAINING and held)
        skip = tuple(h.key for h in meant if h.phase in _BEFORE)
        if release or skip:
            found.todos.append(End(notice, drain.id, release, skip))
            ended = True
    for id_ in sorted(unreadable):
        found.later.add(notice.key.digest)
        found.note(notice, f"drain {id_} cannot be read")
    if not ended:
        found.note(notice, "no host is out for what it is about")


async def _stay(
    outside: Outside,
    drain: Drain,
    notice: Notice,
    overs: Mapping[str, datetime],
    asking: Collection[Group],
) -> Mapping[str, str]:
    """Hosts of the drain for which something else asks, and what."""
    stay: dict[str, str] = {}
    cause, pool = drain.control.cause, drain.control.pool.key
    for group in asking:
        if cause is not None and group.pool.key == pool and kin(group.cause) == kin(cause):
            stay |= dict.fromkeys(map(host_key, group.hosts), group.notices[0].about)
    for ask in await outside.inbox.asks(drain.id):
        if ask.host in stay or ask.about.lower() == notice.about.lower():
            continue
        if not await _is_over(outside, ask, overs):
            stay[ask.host] = ask.about
    return stay


async def _is_over(outside: Outside, ask: Ask, overs: Mapping[str, datetime]) -> bool:
    return over(ask, overs.get(ask.about)) or over(ask, await outside.inbox.over(ask.about))
