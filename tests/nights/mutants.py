"""Faults planted in the app, to show that the nights would find them: ``python dev.py mutants``.

Each is a small change of one file, of the kind that somebody might make. It counts as found when a
night breaks a promise; how many nights that took is told. One that survives is a missing check.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NIGHTS = 4000
"""At most so many for each."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """In ``file``, ``old`` (which stands there once) becomes ``new``; ``also`` tells more such
    changes."""

    name: str
    file: str
    old: str
    new: str
    also: tuple[tuple[str, str, str], ...] = ()

    @property
    def changes(self) -> tuple[tuple[str, str, str], ...]:
        return ((self.file, self.old, self.new), *self.also)


_UNFENCED = (
    "adapters/rows.py",
    '        return Op("replace", "lease", values, lease.etag)\n',
    '        return Op("upsert", "lease", values)\n',
)

MUTANTS = (
    Mutant(
        "one reading without a session is enough", "core/emptiness.py",
        "        return replace(host, empty_since=began_at)\n",
        "        return replace(host, empty_since=began_at, empty_again_at=began_at)\n",
    ),
    Mutant(
        "what is intended is not saved before it is done", "engine/step.py",
        "    await outside.store.save(lease, loaded, intended, known, last=not decision.actions)\n"
        "    if not decision.actions:\n        return intended\n",
        "    if not decision.actions:\n"
        "        await outside.store.save(lease, loaded, intended, known)\n"
        "        return intended\n",
    ),
    Mutant(
        "what came of it is not saved", "engine/step.py",
        "    await outside.store.save(lease, intended, done, entries, last=True)\n    return done",
        "    return done",
    ),
    Mutant(
        "what was left undecided is taken for not done", "core/outcomes.py",
        "host = apply(host, intent.action, Unknown(), now, pace)",
        "host = apply(host, intent.action, NotTried(), now, pace)",
    ),
    Mutant(
        "the tag is not taken away", "core/restore.py",
        "tag = exclusiontag.undo(stopping.host, seen)",
        "tag = exclusiontag.Undoing(stopping.host, True)",
    ),
    Mutant(
        "the tag of a host that left the pool is not taken away", "core/flow.py",
        "if gone.code == TAKEN_BACK or undoing.done:", "if gone.code:",
    ),
    Mutant(
        "a tag that was there before is taken for ours", "core/exclusiontag.py",
        "    if not here.startswith(OURS):", "    if False:",
    ),
    Mutant(
        "hosts that people drained do not count as out", "core/capacity.py",
        "elif not host.allow_new_session:", "elif False:",
    ),
    Mutant(
        "hosts that are not well do not count as out", "core/capacity.py",
        "elif not is_usable(host):", "elif False:",
    ),
    Mutant(
        "hosts of other drains do not count as out", "engine/observe.py",
        "out_for_others={c.host: c.drain for c in claims if c.out and c.drain != drain.id},",
        "out_for_others={},",
    ),
    Mutant(
        "one host too many may be out", "core/capacity.py",
        'return Limit("maxUnavailable", most - len(out), text)',
        'return Limit("maxUnavailable", most - len(out) + 1, text)',
    ),
    Mutant(
        "one host too few stays available", "core/capacity.py",
        'limits.append(Limit("minimumAvailable", available - least, text))',
        'limits.append(Limit("minimumAvailable", available - least + 1, text))',
    ),
    Mutant(
        "batches do not wait", "core/batches.py",
        "    if not policy.batches and not policy.canary:", "    if True:",
    ),
    Mutant(
        "the failure budget is never spent", "core/picking.py",
        "    if failed < budget:", "    if True:",
    ),
    Mutant(
        "the lease is ignored", "adapters/leases.py",
        'if row is not None and row.values["until"] > now and row.values["holder"]:', "if False:",
        (_UNFENCED,),
    ),
    Mutant(
        "writes are not fenced", *_UNFENCED,
    ),
    Mutant(
        "an instance that was held up goes on", "engine/perform.py",
        "            if outside.clock.now() >= stop_at:", "            if False:",
    ),
    Mutant(
        "a late write is not waited for", "core/restore.py",
        "if host.late_until is not None and now < host.late_until:", "if False:",
    ),
    Mutant(
        "what a listing shows before the restore was accepted counts", "core/restore.py",
        "confirmed = host.restored_at is not None and seen.hosts_began_at >= host.restored_at",
        "confirmed = True",
    ),
    Mutant(
        "nobody is given the promised time", "core/deadlines.py",
        "    return session.warned_at + control.policy.warn_at_least",
        "    return session.warned_at",
    ),
    Mutant(
        "a message whose answer was lost counts as accepted", "core/outcomes.py",
        "            if isinstance(outcome, Accepted):\n                session",
        "            if True:\n                session",
    ),
    Mutant(
        "a message is sent with every look", "core/outcomes.py",
        "session, notices=session.notices + 1, told=behind, refusals=0",
        "session, notices=session.notices + 1, refusals=0",
    ),
    Mutant(
        "the deadline is over at once", "core/deadlines.py",
        "    return planned(control.policy, host.out_at) + sum(more, timedelta(0)) + still",
        "    return host.out_at",
    ),
    Mutant(
        "the deadline is not extended", "core/deadlines.py",
        "    return planned(control.policy, host.out_at) + sum(more, timedelta(0)) + still",
        "    return planned(control.policy, host.out_at) + still",
    ),
    Mutant(
        "protected users are signed out", "core/deadlines.py",
        "    return any(fnmatchcase(user, pattern.lower()) for pattern in"
        " control.policy.protected_users)",
        "    return user == ''",
    ),
    Mutant(
        "a pause holds nothing", "core/hostphases.py",
        "    if before_maintenance and (held := paused.why(control, seen, now)):",
        "    if False and (held := paused.why(control, seen, now)):",
    ),
    Mutant(
        "every host is opened afterwards", "core/flow.py",
        "before=kept.allow if kept is not None else here.allow_new_session,", "before=True,",
    ),
    Mutant(
        "a host that somebody opened is left drained", "core/drainmode.py",
        "        host = replace(host, before=True)\n", "",
    ),
    Mutant(
        "a host that was left drained is forgotten", "adapters/rows.py",
        'left_drained = host.ended and host.ending is not None and host.ending.code == "KeptDrained"',
        "left_drained = False",
    ),
    Mutant(
        "the watchdog sleeps", "core/orphans.py",
        "    if not claim.out or claim.free or now < claim.claimed_at + YOUNG:", "    if True:",
    ),
    Mutant(
        "the timer sends for nobody", "engine/tick.py",
        "    for work in overdue:", "    for work in ():",
    ),
    Mutant(
        "two drains may claim a host", "adapters/rows.py",
        '"replace" if etag else "insert"', '"upsert"',
    ),
    Mutant(
        "the same request may be recorded twice", "adapters/rows.py",
        '    """Of a drain that is new."""\n    return Op("insert",',
        '    """Of a drain that is new."""\n    return Op("upsert",',
    ),
    Mutant(
        "a host may be added twice", "engine/orders.py",
        "            if h.key not in there\n", "",
    ),
    Mutant(
        "a host that was registered anew is taken for the old one", "core/gone.py",
        "    if host.object_id and here.object_id and host.object_id != here.object_id:",
        "    if False:",
    ),
    Mutant(
        "an operation whose answer was lost is asked for again at once", "core/maintenance/vmjob.py",
        "        if job.unsure_since is None or now >= job.unsure_since + pace.late:",
        "        if True:",
    ),
    Mutant(
        "nobody looks whether the host is well", "core/hostphases.py",
        "    if not faults:\n        if host.healthy_since",
        "    if True:\n        if host.healthy_since",
    ),
    Mutant(
        "a VM that was stopped is left running", "core/stopagain.py",
        "    if not host.started or (job is not None and job.over):", "    if True:",
    ),
    Mutant(
        "a VM is stopped under somebody who got onto it", "core/stopagain.py",
        "    if _somebody(host):", "    if False:",
    ),
    Mutant(
        "hosts go out outside their window", "core/blockers/window.py",
        "    if window is None or span is None:\n        return anyway(control, now)",
        "    if window is None or span is None:\n        return None",
        (("core/blockers/__init__.py", '    "window": window.anyway,\n', ""),),
    ),
    Mutant(
        "a host that is carried over is not put back first", "core/restore.py",
        "    stopping = stop_again(host, seen, now, pace)\n",
        "    if host.ending is not None and host.ending.phase is Phase.QUEUED:\n"
        "        return _over(host, now, pace)\n"
        "    stopping = stop_again(host, seen, now, pace)\n",
    ),
    Mutant(
        "users have less time than an event's host is given", "core/deadlines.py",
        "min(due, policy.deadline_at)", "min(due, policy.deadline_at - timedelta(minutes=20))",
    ),
    Mutant(
        "events drain over the floor", "core/triage.py",
        "        if rule.over_the_floor is OverTheFloor.DRAIN_ANYWAY:", "        if True:",
    ),
    Mutant(
        "hosts wait for nothing that is told", "core/flow.py",
        '            return replace(came, host=waiting(host, "next", text, look.now, look.now))',
        "            return came",
    ),
    Mutant(
        "a VM is not read once an operation on it is over", "core/maintenance/vmjob.py",
        "        return replace(asked, host=host)\n", "        return asked\n",
    ),
    Mutant(
        "a drain that ends keeps what it has only spoken for", "engine/step.py",
        "            await outside.store.let_go(drain.id, None)", "            pass",
    ),
    Mutant(
        "a run is never cancelled", "core/maintenance/updaterun.py",
        "        if not remain or (asked and now < max(asked) + pace.soon):", "        if True:",
    ),
    Mutant(
        "an event whose host another drain has is forgotten", "engine/noticing.py",
        "    if digest not in found.taken or digest in found.later:", "    if True:",
    ),
    Mutant(
        "users on another drain's host hold no run up", "engine/triage.py",
        "    if not last - rule.decide_before <= now < last:", "    if True:",
    ),
)  # fmt: skip


@contextmanager
def planted(mutant: Mutant) -> Iterator[Path]:
    """A copy of the code with the fault in it."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        root = Path(folder)
        for part in ("shared", "local", "tests"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / part, root / part, ignore=ignored)
        for file, old, new in mutant.changes:
            path = root / "shared" / file
            text = path.read_text(encoding="utf-8")
            if text.count(old) != 1:
                raise ValueError(f"{mutant.name}: not once in {file}")
            path.write_text(text.replace(old, new), encoding="utf-8")
        yield root


_HUNT = """
import gc, sys
from tests.nights.night import night
gc.disable()
for seed in range(int(sys.argv[1]), int(sys.argv[2])):
    broken = night(seed).broken
    if broken is not None:
        print(f"{seed + 1}|{broken}")
        break
    if seed % 50 == 49:
        gc.collect()
"""


def hunt(mutant: Mutant, nights: int) -> tuple[int, str]:
    """In how many nights it was found, and by which promise; 0 if it survived. A night that fails
    without the fault, too, has found something else."""
    with planted(mutant) as root:
        number, text = _run(root, 0, nights)
    if number and _run(ROOT, number - 1, number)[0]:
        raise ValueError(f"seed {number - 1} breaks a promise without any planted fault: {text}")
    return number, text


def _run(root: Path, first: int, end: int) -> tuple[int, str]:
    told = subprocess.run(
        [sys.executable, "-c", _HUNT, str(first), str(end)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    number, _, text = told.strip().partition("|")
    return (int(number), text) if number else (0, "")


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py mutants", description=__doc__)
    parser.add_argument("--nights", type=int, default=NIGHTS, help="at most, for each")
    parser.add_argument(
        "--only", default=[""], nargs="+", help="those whose name holds one of these"
    )
    told = parser.parse_args()
    chosen = [mutant for mutant in MUTANTS if any(word in mutant.name for word in told.only)]
    survivors = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        hunts = [pool.submit(hunt, mutant, told.nights) for mutant in chosen]
        for mutant, hunted in zip(chosen, hunts, strict=True):
            nights, how = hunted.result()
            survivors += nights == 0
            found = f"{nights:5d} nights  {how[:90]}" if nights else "SURVIVED"
            print(f"{mutant.name:<62} {found}", flush=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} planted faults were found")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
