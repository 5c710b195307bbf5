"""The metrics that the app tells, and the attributes of each: what queries may ask for."""

METRICS: dict[str, set[str]] = {
    "avd_drain.hosts": {"pool", "phase"},
    "avd_drain.hosts.overdue": {"pool"},
    "avd_drain.sessions.waiting": {"pool"},
    "avd_drain.host.time_to_empty": {"pool"},
    "avd_drain.step.lateness": {"pool"},
    "avd_drain.arm.requests": {"kind", "outcome"},
    "avd_drain.arm.tokens": {"kind"},
    "avd_drain.events": {"source", "outcome"},
    "avd_drain.drains.ended": {"pool", "status"},
    "avd_drain.hosts.attention": {"pool"},
    "avd_drain.claims.refused": {"pool"},
    "avd_drain.ticks": set(),
    "avd_drain.poison": {"queue"},
}
SPANS = {"drain.step": {"drain.id", "pool", "step.number"}}
LOGS = {"drain", "host", "pool"}
