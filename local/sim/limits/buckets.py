"""Azure Resource Manager's token buckets, on the service's side."""

from dataclasses import dataclass, field
from datetime import datetime

SIZES = {"reads": (250.0, 25.0), "writes": (200.0, 10.0), "deletes": (200.0, 10.0)}


@dataclass(slots=True)
class Buckets:
    """One bucket per subscription and kind of call: its tokens, and when they were counted."""

    sizes: dict[str, tuple[float, float]] = field(default_factory=lambda: dict(SIZES))
    _left: dict[tuple[str, str], tuple[float, datetime]] = field(default_factory=dict)

    def take(self, subscription: str, method: str, now: datetime) -> tuple[str, float, int]:
        """Take a token. Returns the kind of call, the tokens left (negative: refused), and in how
        many seconds to retry."""
        kind = {"GET": "reads", "DELETE": "deletes"}.get(method, "writes")
        size, per_second = self.sizes[kind]
        tokens, at = self._left.get((subscription, kind), (size, now))
        tokens = min(size, tokens + (now - at).total_seconds() * per_second)
        if tokens < 1:
            self._left[subscription, kind] = (tokens, now)
            return kind, -1.0, max(1, round((1 - tokens) / per_second))
        self._left[subscription, kind] = (tokens - 1, now)
        return kind, tokens - 1, 0
