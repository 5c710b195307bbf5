"""Faults in the rules: which hosts go out, when one counts as empty, what users are promised, when
a maintenance run is cancelled."""

from tests.nights.planted.mutant import Mutant

RULES = (
    Mutant(
        "one reading without a session is enough", "core/observation/emptiness.py",
        "        return replace(host, empty_since=began_at)\n",
        "        return replace(host, empty_since=began_at, empty_again_at=began_at)\n",
    ),
    Mutant(
        "hosts that people drained do not count as out", "core/admission/capacity.py",
        "        if not host.allow_new_session:", "        if False:",
    ),
    Mutant(
        "hosts that are not well do not count as out", "core/admission/capacity.py",
        "elif not is_usable(host):", "elif False:",
    ),
    Mutant(
        "one host too many may be out", "core/admission/capacity.py",
        'return Limit("maxUnavailable", most - len(out), text)',
        'return Limit("maxUnavailable", most - len(out) + 1, text)',
    ),
    Mutant(
        "one host too few stays available", "core/admission/capacity.py",
        'limits.append(Limit("minimumAvailable", available - least, text))',
        'limits.append(Limit("minimumAvailable", available - least + 1, text))',
    ),
    Mutant(
        "batches do not wait", "core/admission/batches.py",
        "    if not policy.batches and not policy.canary:", "    if True:",
    ),
    Mutant(
        "the failure budget is never spent", "core/admission/picking.py",
        "    if failed < budget:", "    if True:",
    ),
    Mutant(
        "nobody is given the promised time", "core/users/deadlines.py",
        "    return session.warned_at + control.policy.warn_at_least",
        "    return session.warned_at",
    ),
    Mutant(
        "the deadline is over at once", "core/users/deadlines.py",
        "    return planned(control.policy, since) + sum(more, timedelta(0)) + still",
        "    return host.out_at",
    ),
    Mutant(
        "the deadline is not extended", "core/users/deadlines.py",
        "    return planned(control.policy, since) + sum(more, timedelta(0)) + still",
        "    return planned(control.policy, since) + still",
    ),
    Mutant(
        "protected users are signed out", "core/users/identity.py",
        "    return any(_is(pattern, session) or maybe(pattern, session) for pattern in"
        " patterns)",
        "    return False",
    ),
    Mutant(
        "hosts whose maintenance failed are chosen first for ever", "core/admission/picking.py",
        "key=lambda h: (h.key in seen.attempts, seen.maintained.get(h.key, NEVER)),",
        "key=lambda h: seen.maintained.get(h.key, NEVER),",
    ),
    Mutant(
        "a pause holds nothing", "core/flow/hostphases.py",
        "    if before_maintenance and (held := paused.why(look.control, look.seen, look.now)):",
        "    if False and (held := paused.why(look.control, look.seen, look.now)):",
    ),
    Mutant(
        "nobody looks whether the host is well", "core/flow/hostphases.py",
        "    if not faults:\n        if host.healthy_since",
        "    if True:\n        if host.healthy_since",
    ),
    Mutant(
        "hosts go out outside their window", "core/admission/blockers/window.py",
        "    if window is None or span is None:\n        return anyway(control, now)",
        "    if window is None or span is None:\n        return None",
        (("core/admission/blockers/__init__.py", '    "window": window.anyway,\n', ""),),
    ),
    Mutant(
        "users have less time than an event's host is given", "core/users/deadlines.py",
        "min(due, policy.deadline_at)", "min(due, policy.deadline_at - timedelta(minutes=20))",
    ),
    Mutant(
        "events drain over the floor", "core/events/triage.py",
        "        if rule.over_the_floor is OverTheFloor.DRAIN_ANYWAY:", "        if True:",
    ),
    Mutant(
        "any answer of an address will do", "core/conditions/httpok.py",
        "        if reply.status == 200:", "        if reply.status:",
    ),
    Mutant(
        "hosts go out while their drain is paused", "core/admission/blockers/paused.py",
        "    if pause is None:", "    if True:",
    ),
    Mutant(
        "a pause stops no clock", "core/users/deadlines.py",
        "            total += max(timedelta(0), ended - begun)", "            total = total or begun - ended",
    ),
    Mutant(
        "a session that one listing lacks is forgotten", "core/observation/sessions.py",
        "    known = (*host.sessions, *host.missed)", "    known = host.sessions",
    ),
    Mutant(
        "what a forecast expected stays, though it is past", "core/drain/expected.py",
        "        if self.at is None or (self.earliest is not None and self.earliest >= now):",
        "        if True:",
    ),
    Mutant(
        "how a pool stands is told as it was first seen", "core/drain/availability.py",
        "    if last[1:] == point[1:]:", "    if True:",
    ),
    Mutant(
        "a run is never cancelled", "core/maintenance/work/updaterun.py",
        "        if not remain or (asked and look.now < max(asked) + look.pace.soon):", "        if True:",
    ),
)  # fmt: skip
