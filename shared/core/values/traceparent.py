"""The trace that a drain's steps belong to, as a ``traceparent`` of W3C Trace Context.

It is stored with the drain, so that steps on different instances form one trace.
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
    """``trace_id``: 32 hexadecimal digits. ``span_id``: 16 hexadecimal digits, of the parent of the
    drain's spans."""

    trace_id: str
    span_id: str

    @property
    def text(self) -> str:
        """The header's value. It is always marked as sampled: a drain's trace is complete, whatever
        the caller does with its own."""
        return f"00-{self.trace_id}-{self.span_id}-01"


def read(text: str) -> TraceParent | None:
    """The parsed header; None if it is not valid, which counts as no header."""
    found = _TEXT.fullmatch(text.strip()) if len(text) <= 200 else None
    if found is None or found["version"] == "ff" or (found["version"] == "00" and found[4]):
        return None
    if not int(found["trace"], 16) or not int(found["span"], 16):
        return None
    return TraceParent(found["trace"], found["span"])


def of_drain(drain: str, stored: str) -> TraceParent:
    """The trace of a drain: the stored one, or one derived from the drain's id, the same for each
    step."""
    digest = hashlib.sha256(f"trace {drain}".encode()).hexdigest()
    return read(stored) or TraceParent(digest[:32], digest[32:48])
