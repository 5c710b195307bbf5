"""The trace that a drain's steps belong to, as W3C Trace Context writes it.

It is stored with the drain, so that steps of different instances make one trace.
https://www.w3.org/TR/trace-context/#traceparent-header
"""

import hashlib
import re
from dataclasses import dataclass

_TEXT = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-[0-9a-f]{2}(-.*)?"
)


@dataclass(frozen=True, slots=True)
class TraceParent:
    """``trace_id``: 32 hexadecimal digits; ``span_id``: 16, of the span above the drain's own."""

    trace_id: str
    span_id: str

    @property
    def text(self) -> str:
        """Sampled always: a drain's trace is kept whole, whatever a caller's own trace is."""
        return f"00-{self.trace_id}-{self.span_id}-01"


def read(text: str) -> TraceParent | None:
    """None for what is no trace context: then it counts as not sent."""
    found = _TEXT.fullmatch(text.strip()) if len(text) <= 200 else None
    if found is None or found["version"] == "ff" or (found["version"] == "00" and found[4]):
        return None
    if not int(found["trace"], 16) or not int(found["span"], 16):
        return None
    return TraceParent(found["trace"], found["span"])


def of_drain(drain: str, stored: str) -> TraceParent:
    """Of a drain: what is stored with it, or else what follows from its id, the same for each step."""
    digest = hashlib.sha256(f"trace {drain}".encode()).hexdigest()
    return read(stored) or TraceParent(digest[:32], digest[32:48])
