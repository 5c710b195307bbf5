"""Faults about one host: what is done to it, what counts as done, how it is put back."""

from tests.nights.planted.mutant import Mutant

HOSTS = (
    Mutant(
        "what was left undecided is taken for not done", "core/flow/outcomes.py",
        "host = apply(host, intent.action, Unknown(), now, pace, naming)",
        "host = apply(host, intent.action, NotTried(), now, pace, naming)",
    ),
    Mutant(
        "the tag is not taken away", "core/restore/restore.py",
        "tag = exclusiontag.undo(stopping.host, look.seen)",
        "tag = exclusiontag.Undoing(stopping.host, True)",
    ),
    Mutant(
        "the tag of a host that left the pool is not taken away", "core/flow/flow.py",
        "if gone.code in (TAKEN_BACK, TAKEN_OVER) or (undoing.done and not opening.wait):", "if not opening.wait:",
    ),
    Mutant(
        "a tag that was there before is taken for ours", "core/restore/exclusiontag.py",
        "    if not here.startswith(OURS):", "    if False:",
    ),
    Mutant(
        "a late write is not waited for", "core/restore/restore.py",
        "if host.late_until is not None and now < host.late_until:", "if False:",
    ),
    Mutant(
        "what a listing shows before the restore was accepted counts", "core/restore/restore.py",
        "confirmed = host.restored_at is not None and seen.hosts_began_at >= host.restored_at",
        "confirmed = True",
    ),
    Mutant(
        "a message whose answer was lost counts as accepted", "core/flow/outcomes.py",
        "            if isinstance(outcome, Accepted):\n                session",
        "            if True:\n                session",
    ),
    Mutant(
        "a message is sent with every look", "core/flow/outcomes.py",
        "                messages_done=behind,\n", "",
    ),
    Mutant(
        "every host is opened afterwards", "core/flow/flow.py",
        "before=left.allow if left is not None else here.allow_new_session,", "before=True,",
    ),
    Mutant(
        "a host that somebody opened is left drained", "core/restore/drainmode.py",
        "        host = replace(host, before=True)\n", "",
    ),
    Mutant(
        "the watchdog sleeps", "core/restore/orphans.py",
        "    if not claim.out or claim.free or now < claim.claimed_at + YOUNG or claim.unreadable:",
        "    if True:",
    ),
    Mutant(
        "the watchdog believes no listing where tags cannot be read", "core/restore/orphans.py",
        "    parts = (_opened(claim, listed), _untagged(claim, tags))",
        "    parts = (_opened(claim, listed if tags is not None else None), _untagged(claim, tags))",
    ),
    Mutant(
        "a drain of which nothing is known is taken for one that works", "core/restore/orphans.py",
        "    if drain is None or drain.troubled:\n        return False\n",
        "    if drain is None:\n        return True\n",
    ),
    Mutant(
        "a host that was registered anew is taken for the old one", "core/observation/presence.py",
        "    if host.object_id and here.object_id and host.object_id != here.object_id:",
        "    if False:",
    ),
    Mutant(
        "an operation whose answer was lost is asked for again at once", "core/maintenance/work/vmjob.py",
        "        if job.unsure_since is None or now >= job.unsure_since + pace.late:",
        "        if True:",
    ),
    Mutant(
        "a VM that was stopped is left running", "core/restore/stopagain.py",
        "    if not host.started or (job is not None and job.over):\n        return Stopping(host)",
        "    if True:\n        return Stopping(host)",
    ),
    Mutant(
        "a VM is stopped under somebody who got onto it", "core/restore/stopagain.py",
        "    if _somebody(host):", "    if False:",
    ),
    Mutant(
        "a VM is stopped after one reading without a session", "core/restore/stopagain.py",
        "    if host.unused_since is None or began_at < host.unused_since + look.pace.soon * NEARLY:",
        "    if False:",
    ),
    Mutant(
        "a script that is not seen at once is run again", "core/maintenance/work/runcommand.py",
        "        if now < errand.asked_at + pace.late:", "        if False:",
    ),
    Mutant(
        "a script whose answer was lost counts as refused", "core/flow/handovers.py",
        "        case Accepted() | Unknown():\n            times = before.times + 1 if before is not None else 1\n            errand = Errand(now, run",
        "        case Unknown():\n            return _refused(host, code, \"no answer\", final=False)\n"
        "        case Accepted():\n            times = before.times + 1 if before is not None else 1\n            errand = Errand(now, run",
    ),
    Mutant(
        "a webhook that has taken the host is called again", "core/maintenance/work/webhook.py",
        "            not errand.unsure or errand.times >= MOST_CALLS\n", "            errand.times >= MOST_CALLS\n",
    ),
    Mutant(
        "what was closed as it was registered anew stays closed", "core/restore/replaced.py",
        "    if not ours:", "    if True:",
    ),
    Mutant(
        "a host that is carried over is not put back first", "core/restore/restore.py",
        "    stopping = stop_again(look, host)\n",
        "    if host.ending is not None and host.ending.phase is Phase.QUEUED:\n"
        "        return over(host, look.now, look.pace)\n"
        "    stopping = stop_again(look, host)\n",
    ),
    Mutant(
        "hosts wait for nothing that is told", "core/flow/flow.py",
        '            return replace(came, host=waiting(host, "next", text, look.now, look.now))',
        "            return came",
    ),
    Mutant(
        "a VM is not read once an operation on it is over", "core/maintenance/work/vmjob.py",
        "        return replace(asked, host=host)\n", "        return asked\n",
    ),
)  # fmt: skip
