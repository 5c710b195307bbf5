"""Faults about what is not known, and what is refused for good."""

from tests.nights.planted.mutant import Mutant

UNKNOWN = (
    Mutant(
        "what is refused for good is waited for like what may pass", "core/restore/unread.py",
        "    return min(FINAL_AFTER, read_within) if lack.final else read_within", "    return read_within",
    ),
    Mutant(
        "a cancel waits for the listing", "core/flow/wayback.py",
        "        if (stopped := _stopped(control, host)) is not None:\n            return stopped\n",
        "",
    ),
    Mutant(
        "what cannot be read is waited for without end", "core/flow/flow.py",
        "    if now >= ends_at:\n        return end_with(host, unreadable(what, lack), now)\n", "",
    ),
    Mutant(
        "being told to wait counts as a refusal", "engine/world/perform.py",
        "        return NotTried(str(error))", "        return Refused(str(error), final=True)",
    ),
    Mutant(
        "an error that nobody foresaw ends the step", "engine/step/step.py",
        "    except Exception as error:\n        log.exception(\"drain %s: a step failed as",
        "    except ZeroDivisionError as error:\n        log.exception(\"drain %s: a step failed as",
    ),
    Mutant(
        "a host that two listings lack is taken for one that is gone", "core/flow/flow.py",
        "    elif gone.code == HOST_GONE:\n", "    elif False:\n",
    ),
    Mutant(
        "a host that is out and not listed takes nobody's place", "core/admission/capacity.py",
        "    out |= {host.key: IN_THIS_DRAIN for host in hosts if host.phase in OUT}\n",
        "    out |= {h.key: IN_THIS_DRAIN for h in hosts if h.phase in OUT and h.key in seen.hosts}\n",
    ),
    Mutant(
        "one final error ends all looks", "engine/step/readings.py",
        "    try:\n        return await asked\n    except OutsideError as error:\n",
        "    try:\n        return await asked\n    except FinalError:\n        raise\n"
        "    except OutsideError as error:\n",
    ),
    Mutant(
        "an update of which nothing is known is taken for none", "core/admission/blockers/hostupdate.py",
        "    if (lack := seen.facts.update_lack) is not None:",
        "    if (lack := seen.facts.update_lack) is not None and not lack.text:",
    ),
    Mutant(
        "a user who is not known is not protected", "core/users/identity.py",
        "_is(pattern, session) or maybe(pattern, session) for", "_is(pattern, session) for",
    ),
    Mutant(
        "a look that failed counts as one that succeeded", "core/flow/wayback.py",
        "    since = was.trouble_since or now\n    lasted =", "    since = now\n    lasted =",
    ),
    Mutant(
        "a hibernated VM is taken for one that is stopped", "core/flow/flow.py",
        "HIBERNATED if machine.hibernated else machine.power if machine.stopped",
        'machine.power if machine.power in ("deallocated", "stopped")',
    ),
    Mutant(
        "a drain mode that is not told is taken for one that somebody turned off",
        "core/restore/drainmode.py", " and (host.write_asked or host.before is False):",
        " and host.write_asked:",
    ),
    Mutant(
        "a drain mode that is not told is turned on, so that a VM can be stopped",
        "core/restore/stopagain.py", "    if allows is None:\n", "    if False:\n",
    ),
    Mutant(
        "a VM that is not seen to stop is said to run on", "core/restore/stopagain.py",
        "    if job is not None and job.asked_at is not None:\n        return f",
        "    if False:\n        return f",
    ),
    Mutant(
        "a protected user is known by the whole name only", "core/users/identity.py",
        "    return not account if \"\\\\\" in pattern else not upn\n", "    return not session.names\n",
    ),
    Mutant(
        "what a host was before is forgotten if it is left drained just then",
        "core/drain/claims.py", " and kept_drained_by(claim) in (None, host.kept_drained)", "",
    ),
    Mutant(
        "a VM of which a person was told is stopped after all", "core/flow/wayback.py",
        "        host, started=False\n", "        host\n",
    ),
    Mutant(
        "a VM of which nothing tells whether it runs is taken for one that does",
        "core/maintenance/work/vmjob.py", "    if machine is None or machine.busy or machine.power:",
        "    if True:",
    ),
    Mutant(
        "a tag whose answer was lost counts as set", "core/flow/outcomes.py",
        "tag=replace(tag, asked=True, unsure=True)", "tag=replace(tag, asked=True)",
    ),
    Mutant(
        "a maintenance whose requests are lost is asked for without end", "core/flow/hostphases.py",
        "            if times >= MOST_TRIES:", "            if False:",
    ),
)  # fmt: skip
