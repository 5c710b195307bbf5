"""See to the notices that wait: all together, so that a burst becomes few drains.

They lie in the inbox until they have been seen to; whatever is done is done again without harm, so
a crash on the way costs nothing.
"""

import logging
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from shared.core.asking import Ask
from shared.core.heard import Heard, Outcome
from shared.core.hostnames import host_key
from shared.core.notices import Notice, Says, machine_key
from shared.core.orders import Order
from shared.core.triage import Group
from shared.core.turn import count
from shared.engine import intake, orders
from shared.engine.found import AGAIN, Begin, CallOff, End, Todo, Triage
from shared.engine.outside import Outside
from shared.engine.together import together
from shared.engine.triage import by, triage
from shared.errors import (
    FinalError,
    LeaseHeldError,
    OutsideError,
    RequestRefusedError,
    StorageError,
    UnreadableError,
)
from shared.ports import Work

log = logging.getLogger(__name__)

KEY = "events"
"""Names the lease under which notices are seen to."""
MOST = 2000
COME_BACK = timedelta(seconds=3)
WORK = Work(inbox=True)
_MOVED_ON = frozenset({"DrainEnded", "HostInAnotherDrain"})
"""The drains were not any more what they were when it was judged: it is judged again."""


async def put(outside: Outside, notice: Notice) -> None:
    """Keep a notice until it is seen to, and send for that. Nothing of it is done yet."""
    settle = outside.options.settle
    await outside.inbox.due(notice.at + settle)
    await outside.inbox.put(notice)
    await outside.queue.send(WORK, settle)


async def see_to(outside: Outside) -> None:
    """See to the notices that wait, once no more of them come at the same moment."""
    now = outside.clock.now()
    try:
        lease = await outside.store.acquire(KEY, outside.options.holder, now, outside.options.lease)
    except LeaseHeldError:
        await outside.queue.send(WORK, COME_BACK)
        return
    try:
        again = await _see_to(outside)
    finally:
        await outside.store.release(lease)
    at = outside.clock.now() + again if again is not None else None
    times = [time for time in (at, await outside.inbox.next_at()) if time is not None]
    await outside.inbox.due(min(times, default=None))
    if again is not None:
        await outside.queue.send(WORK, again)


async def _see_to(outside: Outside) -> timedelta | None:
    """When to see to what is left; None: nothing is."""
    """What is postponed costs nothing until its time, and then comes beside what is new."""
    now, settle = outside.clock.now(), outside.options.settle
    new = await outside.inbox.waiting(MOST)
    ats = [notice.at for notice in new if notice.not_before is None]
    if ats and now < max(ats) + settle and now < min(ats) + 5 * settle:
        return settle
    there = {notice.key.digest for notice in new}
    come = await _come(outside, now, there)
    waiting = (*new, *come)
    if not waiting:
        return None
    found = await triage(outside, waiting)
    acted: dict[str, list[str]] = {}
    for todo in found.todos:
        await _carry_out(outside, found, todo, acted)
    left = [notice for notice in waiting if _left(found, notice)]
    await together(partial(_keep, outside, found, acted), left)
    ours = {notice.key.digest for notice in left}
    early = [n for n in waiting if n.key.digest in found.early.keys() - found.later - ours]
    await together(partial(_postpone, outside, found, acted), early)

    async def settle_one(notice: Notice) -> bool:
        return await _settle(outside, notice, found, acted.get(notice.key.digest, []))

    kept = found.later | ours | {notice.key.digest for notice in early}
    recalled = await together(settle_one, [n for n in waiting if n.key.digest not in kept])
    if found.later:
        return outside.options.pace.usual
    if any(recalled) or MOST in (len(new), len(come)):
        return timedelta(0)
    return _until_asked_again(outside, found) if ours else None


async def _come(outside: Outside, now: datetime, there: set[str]) -> tuple[Notice, ...]:
    """Postponed notices whose time has come. What was settled, or postponed to another time, by a
    process that died over it is forgotten here."""
    found = []
    for notice in await outside.inbox.come(now, MOST):
        try:
            heard = await outside.inbox.event(notice.key)
        except UnreadableError:
            log.exception("a notice is not seen to, and stays")
            continue
        if heard is None or (heard.outcome, heard.until) == (Outcome.WAITING, notice.not_before):
            if notice.key.digest not in there:
                found.append(notice)
        else:
            await outside.inbox.stands_aside(notice)
    return tuple(found)


def _until_asked_again(outside: Outside, found: Triage) -> timedelta:
    """For hosts that other drains have: but no later than it must be decided whether a run goes on."""
    idle = outside.options.pace.idle
    if found.decides_at is None:
        return idle
    return max(timedelta(0), min(idle, found.decides_at - outside.clock.now()))


def _left(found: Triage, notice: Notice) -> bool:
    """Whether some of its hosts are another drain's, and the rest has been seen to. Those of a run
    that was called off are not asked for any more."""
    digest = notice.key.digest
    if digest not in found.taken or digest in found.later:
        return False
    return not any(isinstance(todo, CallOff) and notice in todo.notices for todo in found.todos)


async def _keep(
    outside: Outside, found: Triage, acted: dict[str, list[str]], notice: Notice
) -> None:
    """What is left of a notice waits on, and tells for what."""
    digest = notice.key.digest
    taken = found.taken[digest]
    drain = next((drain for drain in acted.get(digest, []) if drain), "")
    text = "; ".join([*found.notes.get(digest, []), AGAIN])[:1000]
    if rest := _rest(notice, taken | found.early.get(digest, {}).keys()):
        await outside.inbox.keep(replace(rest, not_before=None))
    elif notice.not_before is not None:
        await outside.inbox.keep(replace(notice, not_before=None))
    await outside.inbox.note_event(Heard(notice.key, notice.at, Outcome.WAITING, text, drain))
    await outside.inbox.stands_aside(notice)


async def _postpone(
    outside: Outside, found: Triage, acted: dict[str, list[str]], notice: Notice
) -> None:
    """What is left of a notice waits until its time, and tells until when, and why."""
    digest = notice.key.digest
    until = min(found.early[digest].values())
    drain = next((drain for drain in acted.get(digest, []) if drain), "")
    text = "; ".join(found.notes.get(digest, []))[:1000]
    rest = _rest(notice, found.early[digest].keys()) or notice
    # In this order: whatever the process dies over, one of the places holds it, and says the truth.
    await outside.inbox.postpone(replace(rest, not_before=until))
    await outside.inbox.note_event(
        Heard(notice.key, notice.at, Outcome.WAITING, text, drain, until)
    )
    await outside.inbox.lies_elsewhere(notice)
    if notice.not_before != until:
        await outside.inbox.stands_aside(notice)


def _rest(notice: Notice, machines: AbstractSet[str]) -> Notice | None:
    """The notice cut down to these; None: they are all that it has."""
    if machines == {machine_key(machine) for machine in notice.machines}:
        return None
    return replace(notice, machines=tuple(sorted(machines)), part=notice.part + 1)


async def _settle(outside: Outside, notice: Notice, found: Triage, drains: list[str]) -> bool:
    """Remember what came of a notice; then it need not wait any more. Whether others that were
    postponed are to be seen to for it."""
    digest = notice.key.digest
    texts = "; ".join(found.notes.get(digest, [])) or "nothing had to be done"
    outcome = Outcome.ACTED if drains else Outcome.IGNORED
    if digest in found.refused and not drains:
        outcome = Outcome.REFUSED
    recalled = False
    if notice.says is not Says.DRAIN and notice.about:
        await outside.inbox.note_over(notice.about, notice.happened_at)
        recalled = await outside.inbox.recall(notice.about)
    named = next((drain for drain in drains if drain), "")
    await outside.inbox.note_event(Heard(notice.key, notice.at, outcome, texts[:1000], named))
    await outside.inbox.settled(notice)
    log.info("event %s %s: %s", notice.key.type, outcome, texts[:200])
    return recalled


async def _carry_out(
    outside: Outside, found: Triage, todo: Todo, acted: dict[str, list[str]]
) -> None:
    """Do one thing. What fails for a passing reason leaves its notices for later."""
    notices = _asking(todo)
    try:
        match todo:
            case Begin():
                drain, text = await _begin(outside, found, todo)
            case CallOff(_, run, why):
                await outside.runs.cancel(run)
                drain, text = "", f"the run was cancelled: {why}"
            case End():
                drain, text = await _end(outside, todo)
    except RequestRefusedError as refused:
        texts = "; ".join(refused.texts)
        later = refused.passing or refused.code in _MOVED_ON
        for notice in notices:
            (found.later if later else found.refused).add(notice.key.digest)
            found.note(notice, texts)
        return
    except OutsideError as error:
        final = isinstance(error, FinalError)
        for notice in notices:
            (found.refused if final else found.later).add(notice.key.digest)
            found.note(notice, f"{'not done' if final else 'not done yet'}: {error}")
        return
    except StorageError:
        raise
    except Exception as error:
        log.exception("notices that are seen to later")
        for notice in notices:
            found.later.add(notice.key.digest)
            found.note(notice, f"not done yet: {type(error).__name__}: {error}"[:500])
        return
    for notice in notices:
        found.note(notice, text)
        acted.setdefault(notice.key.digest, []).append(drain)


def _asking(todo: Todo) -> tuple[Notice, ...]:
    match todo:
        case Begin(group):
            return group.notices
        case CallOff(notices):
            return notices
        case End(notice):
            return (notice,)


async def _begin(outside: Outside, found: Triage, todo: Begin) -> tuple[str, str]:
    group = todo.group
    drain, text = todo.drain, ""
    if not drain:
        started = await intake.start(outside, todo.asked, by(group.rule.name))
        drain, text = started.id, f"started drain {started.id}"
        there = {host.key for host in started.hosts}
        more = tuple(host for host in todo.hosts if host_key(host) not in there)
    else:
        more = todo.hosts
        text = f"in drain {drain}"
    await outside.inbox.note_asks(drain, _asks(found, group))
    if group.run is not None:
        await outside.inbox.note_cause(group.run.id, drain)
    if more:
        order = Order(by(group.rule.name), outside.clock.now(), group.reason)
        await orders.add(outside, drain, orders.ANY, more, order)
        text = f"added to drain {drain}"
    return drain, text


def _asks(found: Triage, group: Group) -> list[Ask]:
    """What asks for each host, so that each of two causes is ended by its own end."""
    return [
        Ask(host_key(host), notice.about, notice.happened_at)
        for notice in group.notices
        for host in group.hosts
        if notice.about and not _waits_for(found, group, notice, host)
    ]


def _waits_for(found: Triage, group: Group, notice: Notice, host: str) -> bool:
    """Whether a notice does not mean a host, or waits until another drain has done with it."""
    meant = found.meant(notice, group.pool.key, host_key(host))
    return not meant or bool(meant & found.taken.get(notice.key.digest, set()))


async def _end(outside: Outside, todo: End) -> tuple[str, str]:
    order = Order("an event", outside.clock.now(), todo.notice.reason)
    if todo.release:
        await orders.release(outside, todo.drain, orders.ANY, todo.release, order)
    if todo.skip:
        await orders.skip(outside, todo.drain, orders.ANY, todo.skip, order)
    words = [
        f"{count(len(some), 'host')} {what}"
        for some, what in ((todo.release, "released"), (todo.skip, "left alone"))
        if some
    ]
    return todo.drain, f"drain {todo.drain}: {', '.join(words)}"
