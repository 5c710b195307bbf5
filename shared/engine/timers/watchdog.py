"""The watchdog: puts back the hosts that no drain works on any more.

It reads claims, does not rely on a drain's record, and has a timer of its own. Each run does what
is left to do, and the next run checks that it took effect: only then is the claim closed.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from shared.core.drain.history.effects import effect_of
from shared.core.drain.history.facts import FoundRestored, WatchdogActed
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Claim
from shared.core.host.outcome import Accepted, Gone, in_words, result_of
from shared.core.observation.seen import HostSeen
from shared.core.restore.orphans import (
    DrainState,
    is_at_work,
    put_back,
    state_of,
    to_examine,
    why_orphaned,
)
from shared.core.values.hostpool import HostPoolId
from shared.engine.notifications.noting import of_claim
from shared.engine.step.poolwork import go_on
from shared.engine.world.besteffort import best_effort
from shared.engine.world.outside import Outside
from shared.engine.world.perform import attempt
from shared.errors import (
    LeaseHeldError,
    LeaseLostError,
    NotFoundError,
    OutsideError,
    StorageError,
    UnreadableError,
)
from shared.ports import Lease, PassOn, about
from shared.ports.measures import CLAIMS_REFUSED

log = logging.getLogger(__name__)

_LONGEST_NOTE = 1000

type States = Mapping[str, DrainState]
"""The states of drains, by id."""
type Refused = dict[tuple[str, ...], int | None]
"""By pool, how many claims record that putting their host back was refused. None: that is not
known."""
type Orphan = tuple[Claim, DrainState, str]
"""A claim, the state of its drain, and why its host is to be put back without the drain."""


async def watch(outside: Outside) -> int:
    """Run the watchdog once. Returns how many hosts were found as they were before, and had their
    claims closed. Drains that are plainly at work cost two queries in all, however many they are. A
    pool that fails is looked at again in the next run, and does not stop the others."""
    noted = await outside.store.maybe_out()
    if all(each.settled for each in noted):
        outside.telemetry.levels(CLAIMS_REFUSED, {})
        return 0
    looked, now = await outside.store.looked(), outside.clock.now()
    at_work = {d: DrainState.WORKING for d, last in looked.items() if is_at_work(last, now)}
    closed = 0
    refused: Refused = {}
    for pool, doubtful in to_examine(noted, looked, now).items():
        try:
            with about(pool=pool.key):
                closed += await _watch(outside, pool, doubtful, at_work, refused)
        except LeaseHeldError as error:
            log.info("the watchdog comes back to %s: %s", pool.name, error)
        except Exception:
            log.exception("the watchdog failed on %s, and comes back to it", pool.name)
            refused.setdefault((pool.key,), None)
    if None not in refused.values():  # otherwise some pool is not known
        outside.telemetry.levels(
            CLAIMS_REFUSED, {k: n for k, n in refused.items() if n is not None}
        )
    return closed


async def _watch(
    outside: Outside,
    pool: HostPoolId,
    doubtful: Collection[str],
    at_work: States,
    refused: Refused,
) -> int:
    """Read the drains in doubt, then the claims; if that leaves nothing to do, stop. Hosts are put
    back under the lease, and by what is read under it."""
    now = outside.clock.now()
    states = {drain: await _state(outside, drain, now) for drain in doubtful if drain}
    amiss = {d for d in doubtful if states.get(d) is not DrainState.WORKING}
    if not amiss:
        return 0
    claims, orphans = await _examined(outside, pool, {**at_work, **states})
    refused[pool.key,] = sum(bool(claim.refused) for claim in claims)
    if not orphans and amiss <= _with_hosts_out(claims):
        return 0
    lease = await outside.store.acquire(
        pool.key, outside.options.holder, outside.clock.now(), outside.options.lease
    )
    try:
        claims, orphans = await _examined(outside, pool, at_work)
        if orphans:
            return await _restore(outside, pool, lease, orphans)
        out = _with_hosts_out(claims)
        left = {claim.drain for claim in claims if claim.free} - out
        await outside.store.settle_out(lease, out, left)
        return 0
    finally:
        await outside.store.release(lease)
        await go_on(outside, pool.key)


async def _examined(
    outside: Outside, pool: HostPoolId, known: States
) -> tuple[Sequence[Claim], Sequence[Orphan]]:
    """All claims of a pool, and those that no drain works on. ``known``: drains that need not be
    read."""
    now = outside.clock.now()
    claims = await outside.store.claims(pool.key)
    states = {
        drain: known[drain] if drain in known else await _state(outside, drain, now)
        for drain in _with_hosts_out(claims)
    }
    orphans = [
        (claim, states[claim.drain], why)
        for claim in claims
        if claim.out and (why := why_orphaned(claim, states[claim.drain], now))
    ]
    return claims, orphans


def _with_hosts_out(claims: Sequence[Claim]) -> set[str]:
    return {claim.drain for claim in claims if claim.out}


async def _state(outside: Outside, drain: str, now: datetime) -> DrainState:
    try:
        return state_of(await outside.store.load(drain), now)
    except (UnreadableError, ValueError) as error:
        log.warning("drain %s cannot be read: %s", drain, error, extra={"drain": drain})
        return DrainState.UNREADABLE


async def _restore(
    outside: Outside, pool: HostPoolId, lease: Lease, orphans: Sequence[Orphan]
) -> int:
    listed: dict[str, HostSeen] | None
    try:
        listed = {host.key: host for host in await outside.plane.hosts(pool)}
    except OutsideError as error:
        log.warning("the hosts of %s cannot be listed for the watchdog: %s", pool.name, error)
        listed = None
    closed = 0
    for orphan in orphans:
        try:
            with about(host=orphan[0].name, drain=orphan[0].drain):
                closed += await _restore_one(outside, pool, lease, orphan, listed)
        except (LeaseLostError, StorageError):
            raise
        except Exception:
            log.exception("the watchdog failed on %s, and comes back to it", orphan[0].name)
    return closed


async def _restore_one(
    outside: Outside,
    pool: HostPoolId,
    lease: Lease,
    orphan: Orphan,
    listed: Mapping[str, HostSeen] | None,
) -> bool:
    """Do one step for one host. True: the host is as it was, and its claim is closed."""
    claim, state, why = orphan
    here = listed.get(claim.host) if listed is not None else None
    todo = put_back(claim, listed, await _tags(outside, claim))
    entries, refused = list[Entry](), ""
    for action in todo.actions:
        name = here.name if here is not None else claim.name
        outcome = await attempt(outside, pool, name, action)
        fact = WatchdogActed(effect_of(action), *result_of(outcome))
        entries.append(Entry(outside.clock.now(), fact, claim.host, "the watchdog", why))
        if not isinstance(outcome, Accepted | Gone):
            refused = f"{action.kind}: {in_words(outcome)}"[:_LONGEST_NOTE]
    entries = entries if refused != claim.refused or not refused else []
    note = f"{why}; not put back yet: {refused}" if refused else why
    after: Claim | None = replace(claim, note=note[:_LONGEST_NOTE], refused=refused)
    done = not todo.actions or not (todo.seen or refused)
    if done:
        entries.append(Entry(outside.clock.now(), FoundRestored(), claim.host, why=why))
        gone = state in (DrainState.LOST, DrainState.ENDED)
        at = outside.clock.now()
        after = None if gone else replace(claim, out=False, restored_at=at, note=why, refused="")
        log.warning("%s of %s was put back by the watchdog: %s", claim.name, pool.name, why)
    if entries or after != claim:
        await _keep(outside, pool, lease, (claim, after), entries)
    return done


async def _keep(
    outside: Outside,
    pool: HostPoolId,
    lease: Lease,
    claims: tuple[Claim, Claim | None],
    entries: Sequence[Entry],
) -> None:
    """Save a claim as it is now, with its history and what is to be notified of it."""
    claim, after = claims
    untold = of_claim(outside, claim, pool, entries)
    work = PassOn(claim.drain)
    if untold:  # the index is written first: if the message is lost, the timer finds it there
        with best_effort("that the watchdog has something to tell"):
            await outside.store.note_work(work, outside.clock.now())
    await outside.store.keep_claim(lease, claim, after, entries, untold)
    if untold:
        with best_effort("what the watchdog did"):
            await outside.queue.send(work, timedelta(0))


async def _tags(outside: Outside, claim: Claim) -> Mapping[str, str] | None:
    """The tags of the host's VM. None: they cannot be read, so nothing is known of our exclusion
    tag."""
    if claim.tag is None or not claim.tag.name or claim.tag.present or claim.vm_id is None:
        return {}
    try:
        return dict(await outside.machines.tags(claim.vm_id))
    except NotFoundError:
        return {}
    except OutsideError as error:
        log.warning("the tags of %s cannot be read for the watchdog: %s", claim.name, error)
        return None
