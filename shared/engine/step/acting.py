"""Carry out a decision in a stream: intents just ahead of the actions, outcomes just behind them.

A large drain acts for as long as the control plane has room. So what it intends is saved by the chunk,
each time with what has come of those before, and the lease is renewed with that. As long as the control
plane takes a chunk at once, the next one follows at once, whatever is still under way: so it is latency
that is waited for, once, and not each chunk's. Then a chunk follows when few are left of the one before.
A crash leaves no more intents of unknown outcome than that; a host of which no action was begun stays as it
was.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from shared.core.drain.additions import with_added
from shared.core.drain.announcements import newly_in_need
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Drain
from shared.core.flow.flow import Decision
from shared.core.flow.outcomes import apply, entry_of
from shared.core.flow.progress import acting_for, cut_short, moved, taken_out, with_intent
from shared.core.host.actions import Action, puts_back
from shared.core.host.outcome import NotTried, Outcome
from shared.core.users.naming import naming_of
from shared.engine.notifications.noting import of_drain
from shared.engine.step.forecasting import lessons
from shared.engine.world.besteffort import all_or_none
from shared.engine.world.outside import Outside
from shared.engine.world.perform import attempt
from shared.ports import HURRY, Lease, about
from shared.ports.measures import SpanName


class Acting:
    """One decision that is being carried out. ``loaded``: what is stored; ``drain``: that, with an
    outcome for each intent that was found in it; ``left`` tells of those."""

    def __init__(
        self,
        outside: Outside,
        lease: Lease,
        loaded: Drain,
        drain: Drain,
        decision: Decision,
        left: Sequence[Entry],
    ) -> None:
        self._outside, self._lease = outside, lease
        self._loaded, self._stored, self._known = loaded, loaded, drain
        self._drain = drain = decision.drain
        self._naming = naming_of(drain.control)
        self._waiting = deque(decision.actions)
        self._names = {host.key: host.name for host in drain.hosts}
        bearers = {action.host for action in decision.actions}
        self._intended = {
            host.key: replace(host, intents=()) if host.key in bearers else host
            for host in drain.hosts
        }
        was = {host.key: host for host in with_added(self._known)}
        self._hosts = {
            key: was.get(key, host) if key in bearers else host
            for key, host in self._intended.items()
        }
        self._begun = self._intended.keys() - bearers
        self._untold: dict[str, list[Entry]] = defaultdict(list, {"": [*left]})
        now = outside.clock.now()
        self._until = now + acting_for(drain, self._begun, now, outside.options.lease)
        self._running: dict[asyncio.Task[Outcome], Action] = {}
        self._stopped = False
        """No further chunk is begun."""
        self._over = False
        """Nothing more is begun."""
        self._tell(decision.entries)

    def _tell(self, entries: Iterable[Entry]) -> None:
        """What the history says; of a host that stays as it was, it says nothing."""
        for entry in entries:
            self._untold[entry.host if entry.host in self._intended else ""].append(entry)

    async def carry_out(self) -> Drain:
        """Save what is intended, do it, save what came of it: the drain as it is then. Raises what
        the store raises; then nothing more is begun."""
        try:
            with self._outside.telemetry.part(SpanName.ACT):
                return await self._run()
        except Exception:
            self._over = True
            await asyncio.gather(*self._running, return_exceptions=True)
            raise
        finally:
            for task in self._running:
                task.cancel()

    async def _run(self) -> Drain:
        """Of what the control plane does not take at once, no more than a chunk and a half waits."""
        chunk = self._intend()
        await self._save(last=not chunk)
        self._begin(chunk)
        while True:
            while await self._goes_on():
                chunk = self._intend()
                await self._save()
                self._begin(chunk)
            if not self._running:
                break
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            self._take()
        if self._waiting:
            self._cut_short()
        if not self._lease.released:
            await self._save(last=True)
        return self._now()

    def _intend(self) -> list[Action]:
        """The next chunk, noted with its hosts."""
        most = self._outside.options.chunk
        chunk = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
        now = self._outside.clock.now()
        for action in chunk:
            key = action.host
            host = self._hosts[key]
            if key not in self._begun:
                host = taken_out(host, self._intended[key], now)
                self._untold[key] = [replace(entry, at=now) for entry in self._untold[key]]
                self._begun.add(key)
            self._hosts[key] = with_intent(host, action, now)
        return chunk

    def _begin(self, chunk: Iterable[Action]) -> None:
        for action in chunk:
            self._running[asyncio.ensure_future(self._do(action))] = action

    async def _do(self, action: Action) -> Outcome:
        """Past half the lease nothing is begun: an instance that was held up must not act on what it saw
        before somebody else took over."""
        clock, lease, options = self._outside.clock, self._lease, self._outside.options
        if self._over or clock.now() >= lease.until - options.lease / 2:
            return NotTried()
        pool = self._drain.control.pool
        HURRY.set(puts_back(action))  # of this action's task alone
        with about(host=self._names[action.host]):
            return await attempt(self._outside, pool, self._names[action.host], action)

    def _take(self) -> None:
        """Note what came of those actions that are over."""
        for task in [task for task in self._running if task.done()]:
            self._note(self._running.pop(task), task.result())

    def _note(self, action: Action, outcome: Outcome) -> None:
        at, host = self._outside.clock.now(), self._hosts[action.host]
        self._over = self._over or isinstance(outcome, NotTried)
        control = self._drain.control
        self._tell(all_or_none(lambda: (entry_of(control, action, outcome, at, host),)))
        after = apply(host, action, outcome, at, self._outside.options.pace, self._naming)
        if after.phase is not host.phase:
            self._tell([moved(host, after, at, action.why)])
        self._hosts[action.host] = after

    async def _goes_on(self) -> bool:
        """Whether there is more to do now, and it need not be decided again: the control plane has room, it
        has not taken too long, and nobody has ordered anything."""
        if not self._waiting or self._over or self._stopped or not await self._has_room():
            return False
        late = self._outside.clock.now() >= self._until
        self._stopped = late or await self._is_ordered_anew()
        return not self._stopped

    async def _has_room(self) -> bool:
        chunk = self._outside.options.chunk
        if len(self._running) <= chunk // 2:
            return True
        await asyncio.sleep(0)  # what was begun has asked for its place
        room = self._outside.plane.room(self._drain.control.pool)
        return room >= min(chunk, len(self._waiting)) // 2

    async def _is_ordered_anew(self) -> bool:
        return await self._outside.store.version(self._drain.id) != self._drain.version

    def _cut_short(self) -> None:
        now, pace = self._outside.clock.now(), self._outside.options.pace
        soon = now + (pace.soon if self._over else timedelta(0))
        hosts = self._now().hosts
        self._drain = replace(self._drain, progress=cut_short(self._drain.progress, hosts, soon))

    def _now(self) -> Drain:
        return replace(self._drain, hosts=tuple(self._hosts.values()))

    async def _save(self, *, last: bool = False) -> None:
        """The lease counts from now on: slow readings take no time from what was decided."""
        now = self._now()
        at = self._outside.clock.now()
        known = self._known
        self._tell(all_or_none(lambda: newly_in_need(known, now, at)))
        keys = [key for key in self._untold if not key or key in self._begun]
        entries = [entry for key in keys for entry in self._untold.pop(key)]
        self._lease.until = max(self._lease.until, at + self._outside.options.lease)
        untold = of_drain(self._outside, now, entries)
        past = await lessons(self._outside, self._lease, self._loaded, now, at) if last else None
        with self._outside.telemetry.part(SpanName.SAVE):
            await self._outside.store.save(
                self._lease, self._stored, now, entries, last=last, untold=untold, past=past
            )
        if untold:
            kept = (*self._drain.untold, *(happening for _, happening in untold))
            self._drain = replace(self._drain, untold=kept)
        self._stored = self._known = now
