"""The last to look after a host: puts back what no drain works on any more.

It reads claims, never relies on a drain's record, and has a timer of its own. Each run does what
is still to be done and the next one sees whether it is so: only then is the claim closed.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.core.hostpool import HostPoolId
from shared.core.model import Claim, Entry
from shared.core.orphans import DrainState, put_back, state_of, why_orphaned
from shared.core.outcome import in_words
from shared.engine.outside import Outside
from shared.engine.perform import attempt
from shared.errors import LeaseHeldError, NotFoundError, OutsideError, UnreadableError
from shared.ports import Lease

log = logging.getLogger(__name__)


async def watch(outside: Outside) -> int:
    """How many hosts were found back as they were, and their claims closed. A pool that cannot be
    read now is looked at again in the next run."""
    closed = 0
    for pool in await outside.store.pools_out():
        try:
            closed += await _watch(outside, pool)
        except (LeaseHeldError, OutsideError) as error:
            log.info("the watchdog comes back to %s: %s", pool.name, error)
    return closed


async def _watch(outside: Outside, pool: HostPoolId) -> int:
    now = outside.clock.now()
    lease = await outside.store.acquire(
        pool.key, outside.options.holder, now, outside.options.lease
    )
    try:
        all_claims = await outside.store.claims(pool.key)
        claims = [claim for claim in all_claims if claim.out]
        if not claims:
            if not any(claim.free for claim in all_claims):
                await outside.store.no_more_out(lease)
            return 0
        drains = dict.fromkeys(claim.drain for claim in claims)
        states = {drain: await _state(outside, drain, now) for drain in drains}
        orphans = [
            (claim, states[claim.drain], why)
            for claim in claims
            if (why := why_orphaned(claim, states[claim.drain], now))
        ]
        return await _restore(outside, pool, lease, orphans) if orphans else 0
    finally:
        await outside.store.release(lease)


async def _state(outside: Outside, drain: str, now: datetime) -> DrainState:
    try:
        return state_of(await outside.store.load(drain), now)
    except UnreadableError as error:
        log.warning("drain %s cannot be read: %s", drain, error)
        return DrainState.UNREADABLE


async def _restore(
    outside: Outside,
    pool: HostPoolId,
    lease: Lease,
    orphans: Sequence[tuple[Claim, DrainState, str]],
) -> int:
    listed = {host.key: host for host in await outside.plane.hosts(pool)}
    closed = 0
    for claim, state, why in orphans:
        here = listed.get(claim.host)
        todo = put_back(claim, here, await _tags(outside, claim))
        entries = []
        for action in todo:
            name = here.name if here is not None else claim.name
            outcome = await attempt(outside, pool, name, action)
            what = f"watchdog: {action.kind} {in_words(outcome)}"
            entries.append(Entry(outside.clock.now(), what, claim.host, "the watchdog", why))
        after: Claim | None = replace(claim, note=why)
        if not todo:
            closed += 1
            done = Entry(outside.clock.now(), "watchdog: it is as it was", claim.host, why=why)
            entries.append(done)
            gone = state in (DrainState.LOST, DrainState.ENDED)
            at = outside.clock.now()
            after = None if gone else replace(claim, out=False, restored_at=at, note=why)
            log.warning("%s of %s was put back by the watchdog: %s", claim.name, pool.name, why)
        await outside.store.keep_claim(lease, claim, after, entries)
    return closed


async def _tags(outside: Outside, claim: Claim) -> dict[str, str]:
    if claim.tag is None or not claim.tag.name or claim.tag.present or claim.vm_id is None:
        return {}
    try:
        return dict(await outside.machines.tags(claim.vm_id))
    except NotFoundError:
        return {}
