"""What a notice ends: the hosts of drains whose cause is over."""

from shared.core.hostnames import host_key
from shared.core.notices import Notice
from shared.core.phases import Phase
from shared.core.triage import Serving
from shared.engine.found import End, Triage
from shared.engine.outside import Outside
from shared.engine.recorded import going_on, hosts_of, recorded

_BEFORE = (Phase.QUEUED, Phase.DRAINING, Phase.EMPTY)


async def end(outside: Outside, found: Triage, notice: Notice, hosts: list[Serving]) -> None:
    """Only of drains that events have started: what a person asked for is a person's to end."""
    if notice.run is not None:
        ids = await outside.inbox.causes(notice.run.id)
        wanted = None
    else:
        wanted = {(here.pool.key, host_key(here.host)) for here in hosts}
        pools = dict.fromkeys(key for key, _ in wanted)
        claims = [claim for key in pools for claim in await outside.store.claims(key)]
        ids = tuple(claim.drain for claim in claims if not claim.free)
    ended = False
    for drain in going_on(await recorded(outside, ids)):
        if drain.control.cause is None or drain.control.cause.source not in notice.ends:
            continue
        meant = [
            host for host in drain.hosts
            if not host.ended and (wanted is None or (drain.control.pool.key, host.key) in wanted)
        ]  # fmt: skip
        added = hosts_of(drain) - {host.key for host in drain.hosts}
        if any(wanted is None or (drain.control.pool.key, key) in wanted for key in added):
            found.later.add(notice.key.digest)  # the next step takes them in
        held = drain.control.policy.maintenance.held
        release = tuple(h.key for h in meant if h.phase is Phase.MAINTAINING and held)
        skip = tuple(h.key for h in meant if h.phase in _BEFORE)
        if release or skip:
            found.todos.append(End(notice, drain.id, release, skip))
            ended = True
    if not ended:
        found.note(notice, "no host is out for what it is about")
