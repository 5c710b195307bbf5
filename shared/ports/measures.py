"""Every metric and span that the app records, under the names that alerts and workbooks query.

No other file writes these names. A test compares ``docs/telemetry.md`` with this file.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How the values of a metric are to be read."""

    COUNTER = "counter"
    """What happened since the last report. Queries sum its values."""
    GAUGE = "gauge"
    """A current value. Queries take the latest, or the lowest."""
    HISTOGRAM = "histogram"
    """The distribution of recorded values."""


@dataclass(frozen=True, slots=True)
class Metric:
    """``attributes`` are the names of the dimensions that separate its series. ``at_once``: it is
    sent when the function ends, not only with the next regular report. ``lowest``: for a gauge,
    the lowest value since the last report is sent instead of the latest."""

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


class SpanName(StrEnum):
    """The names of spans."""

    STEP = "drain.step"
    """One step of a drain. The other spans are its children."""
    OBSERVE = "observe"
    DECIDE = "decide"
    ACT = "act"
    SAVE = "save"


SPAN_ATTRIBUTES = ("drain.id", "pool", "step.number", "due")
"""Attributes of ``drain.step``. ``due`` is when the step was due, in ISO 8601."""
LOG_ATTRIBUTES = ("drain", "host", "pool")
"""Attributes of a log record, where known: the drain's id, the host's name or key, the pool's key."""
