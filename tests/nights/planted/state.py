"""Faults in the engine and the stored state: the order of saving and acting, leases, claims,
timers."""

from tests.nights.planted.mutant import Mutant

_UNFENCED = (
    "adapters/storage/pool/rows.py",
    '        return Op("replace", "lease", values, lease.etag)\n',
    '        return Op("upsert", "lease", values)\n',
)

STATE = (
    Mutant(
        "what is intended is not saved before it is done", "engine/step/acting.py",
        "                chunk = self._intend()\n                await self._save()\n",
        "                chunk = self._intend()\n",
        (
            (
                "engine/step/acting.py",
                "        await self._save(last=not chunk)\n",
                "        if not chunk:\n            await self._save(last=True)\n",
            ),
        ),
    ),
    Mutant(
        "what came of it is not saved", "engine/step/acting.py",
        "        if not self._lease.released:\n            await self._save(last=True)\n", "",
    ),
    Mutant(
        "hosts of other drains do not count as out", "engine/step/observe.py",
        "out_for_others={c.host: c.drain for c in claims if c.out and c.drain != drain.id},",
        "out_for_others={},",
    ),
    Mutant(
        "the lease is ignored", "adapters/storage/pool/leases.py",
        'if row is not None and until is not None and until > now and row.values.get("holder"):', "if False:",
        (_UNFENCED,),
    ),
    Mutant(
        "writes are not fenced", *_UNFENCED,
    ),
    Mutant(
        "a later chunk is begun before it is saved", "engine/step/acting.py",
        "                await self._save()\n                self._begin(chunk)\n",
        "                self._begin(chunk)\n                await asyncio.sleep(1)\n                await self._save()\n",
    ),
    Mutant(
        "what is written of a host is passed over for the page it was in", "adapters/storage/pool/hostpages.py",
        "    hosts |= own\n", "    hosts = hosts or own\n",
    ),
    Mutant(
        "a drain lets go of hosts that are out", "adapters/storage/pool/claims.py",
        "                and not claim.out\n", "",
    ),
    Mutant(
        "a drain whose hosts go out is none of the watchdog's business", "adapters/storage/index/outs.py",
        '"settled": False}', '"settled": True}',
    ),
    Mutant(
        "an instance that was held up goes on", "engine/step/acting.py",
        "        if self._over or clock.now() >= lease.until - options.lease / 2:", "        if self._over:",
    ),
    Mutant(
        "a host that was left drained is forgotten", "core/drain/claims.py",
        "kept_drained=_ended_as(host, KEPT_DRAINED) or ", "kept_drained=",
    ),
    Mutant(
        "the timer sends for nobody", "engine/timers/overdue.py",
        'each("overdue:", late, lambda', 'each("overdue:", (), lambda',
    ),
    Mutant(
        "the timer waits for who has died with the lease", "engine/timers/overdue.py",
        "        if until is not None and until > now:", "        if until is not None:",
    ),
    Mutant(
        "two drains may claim a host", "adapters/storage/pool/rows.py",
        '"replace" if etag else "insert"', '"upsert"',
    ),
    Mutant(
        "the same request may be recorded twice", "adapters/storage/pool/rows.py",
        'return Op("insert", f"drain|{drain.id}|control", values)',
        'return Op("upsert", f"drain|{drain.id}|control", values)',
    ),
    Mutant(
        "a host may be added twice", "engine/drains/orders.py",
        "            if h.key not in there\n", "",
    ),
    Mutant(
        "a drain that ends keeps what it has only spoken for", "engine/step/step.py",
        "            await outside.store.let_go(drain.id, None)", "            pass",
    ),
    Mutant(
        "an event whose host another drain has is forgotten", "engine/events/handling.py",
        "    if digest not in found.taken or digest in found.later:", "    if True:",
    ),
    Mutant(
        "users on another drain's host hold no run up", "engine/events/triage.py",
        "    return not_empty(taken) if begins <= now < ends else \"\"", '    return ""',
    ),
    Mutant(
        "what others wrote under the lease is not read", "adapters/storage/pool/known.py",
        " or pool.etag != lease.was:", ":",
    ),
    Mutant(
        "a write that failed is taken for done", "adapters/storage/store.py",
        "        except BaseException:\n            self._known.forget(lease)\n            raise\n",
        "        except BaseException:\n            raise\n",
    ),
)  # fmt: skip
