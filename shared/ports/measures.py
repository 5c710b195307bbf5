"""Every metric and every span that the app tells, by the names that alerts and workbooks ask for.

The one place where these names are written; ``docs/telemetry.md`` is held to it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    COUNTER = "counter"
    """What happened since it was told last: sums are meant."""
    GAUGE = "gauge"
    """What is so now: the latest is meant, or the lowest."""
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """``attributes``: what tells its series apart. ``at_once``: it is sent when the function is over,
    and not only with the others. ``lowest``: of a gauge's values the lowest is sent, not the latest."""

    name: str
    kind: Kind
    unit: str
    attributes: tuple[str, ...]
    meaning: str
    at_once: bool = False
    lowest: bool = False


HOSTS = Metric(
    "avd_drain.hosts", Kind.GAUGE, "{host}", ("pool", "phase"), "hosts of open drains, by phase"
)
OVERDUE = Metric(
    "avd_drain.hosts.overdue",
    Kind.GAUGE,
    "{host}",
    ("pool",),
    "hosts that are out longer than planned",
)
WAITING = Metric(
    "avd_drain.sessions.waiting",
    Kind.GAUGE,
    "{session}",
    ("pool",),
    "sessions on hosts that are out, as far as they are known",
)
TIME_TO_EMPTY = Metric(
    "avd_drain.host.time_to_empty",
    Kind.HISTOGRAM,
    "s",
    ("pool",),
    "from taking a host out to the first reading without a session",
)
LATENESS = Metric(
    "avd_drain.step.lateness",
    Kind.HISTOGRAM,
    "s",
    ("pool",),
    "how long after it was due a step began",
)
ARM_REQUESTS = Metric(
    "avd_drain.arm.requests",
    Kind.COUNTER,
    "{request}",
    ("kind", "outcome"),
    "requests to Azure Resource Manager (reads, writes, deletes): ok, throttled (429), refused (another "
    "4xx), denied (401, 403), failed (5xx), lost (no answer)",
)
ARM_TOKENS = Metric(
    "avd_drain.arm.tokens",
    Kind.GAUGE,
    "{token}",
    ("kind",),
    "tokens that an instance may still take (reads, writes, deletes): the fewest since it was told last",
    lowest=True,
)
EVENTS = Metric(
    "avd_drain.events",
    Kind.COUNTER,
    "{event}",
    ("source", "outcome"),
    "events that came, and what came of them; one that waits counts again when it is settled",
)
ENDED = Metric(
    "avd_drain.drains.ended",
    Kind.COUNTER,
    "{drain}",
    ("pool", "status"),
    "drains that ended: Succeeded, Failed or Canceled",
    at_once=True,
)
ATTENTION = Metric(
    "avd_drain.hosts.attention",
    Kind.GAUGE,
    "{host}",
    ("pool",),
    "hosts that a person should look at: of open drains, and those that drains of the last day left so, "
    "unless a later drain has seen to them",
)
CLAIMS_REFUSED = Metric(
    "avd_drain.claims.refused",
    Kind.GAUGE,
    "{host}",
    ("pool",),
    "hosts that the watchdog cannot put back, since its writes are refused",
    at_once=True,
)
TICKS = Metric(
    "avd_drain.ticks", Kind.COUNTER, "{run}", (), "runs of the timer that finds late drains"
)
POISON = Metric(
    "avd_drain.poison",
    Kind.COUNTER,
    "{message}",
    ("queue",),
    "messages that failed again and again and were put aside",
    at_once=True,
)

METRICS = (
    HOSTS, OVERDUE, WAITING, TIME_TO_EMPTY, LATENESS, ARM_REQUESTS, ARM_TOKENS, EVENTS, ENDED, ATTENTION,
    CLAIMS_REFUSED, TICKS, POISON,
)  # fmt: skip


class SpanName(StrEnum):
    STEP = "drain.step"
    """One step of a drain; the others are below it."""
    OBSERVE = "observe"
    DECIDE = "decide"
    ACT = "act"
    SAVE = "save"


SPAN_ATTRIBUTES = ("drain.id", "pool", "step.number", "due")
"""Of ``drain.step``. ``due``: when the step was due, ISO 8601."""
LOG_ATTRIBUTES = ("drain", "host", "pool")
"""Of a log record, where they are known: the drain's id, the host's name or key, the pool's key."""
