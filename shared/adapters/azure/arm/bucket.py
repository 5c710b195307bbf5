"""A token bucket of the service, as far as it can be known from here.

Others draw from the same bucket: other programs, and other instances of this app. What they take is seen
in the service's own count, which comes with each answer. Where the bucket is nearly empty, this keeps to
what they leave, and moves there slowly: so two instances come to share it without talking.
"""

SCARCE = 0.25
"""Below this part of a full bucket it matters what others take."""
_STEP = 0.3
"""How far the own rate moves towards what is left, at a time. Half or more, and two would swing."""
_LEAST = 0.05
"""Of the bucket's rate: nobody is starved."""
_BACK = 0.7
"""What a refusal leaves of the own rate."""
_NOISE = 0.1
"""Of the bucket's rate: so much may seem to be taken by others, because answers overtake each other."""
_RESERVE = 3
"""Tokens that are left there: the service fills its bucket a moment later than is thought here."""
_ROUNDING = 1e-6
_WINDOW = 1.0
"""Seconds over which the others' rate is counted."""


class Bucket:
    """``share``: the part of the bucket, and of its rate, that is used at most. Times are seconds of a
    monotonic clock."""

    def __init__(self, size: float, per_second: float, now: float, share: float = 1.0) -> None:
        self._size = size
        self._per_second = per_second
        self._share = share
        self._rate = per_second * share
        self._reserve = max(_RESERVE, size * (1 - share))
        """Left to others, or for that the service fills its bucket later: one of them is enough."""
        self._tokens = size - self._reserve
        self._at = now
        self._closed_until = now
        self._there = size
        """What the service has, by what is known."""
        self._there_at = now
        self._under_way = 0
        self._taken = 0.0
        """By others, since ``_window_at``."""
        self._window_at = now

    @property
    def rate(self) -> float:
        """Tokens a second that are taken now where there are none in store."""
        return self._rate

    @property
    def left(self) -> float:
        """Tokens that may still be taken, by what was known when one was taken, or was told of, last."""
        return max(0.0, self._tokens)

    def at_hand(self, now: float) -> float:
        """Tokens that may be taken now."""
        if now < self._closed_until:
            return 0.0
        self._fill(now)
        return self.left

    def take(self, now: float) -> float:
        """Take a token and return 0; or take none and return in how many seconds to ask."""
        if now < self._closed_until:
            return self._closed_until - now
        self._fill(now)
        if self._tokens < 1 - _ROUNDING:
            return (1 - self._tokens) / self._rate
        self._tokens -= 1
        self._there -= 1
        self._under_way += 1
        return 0.0

    def answered(self) -> None:
        """A request for which a token was taken is over, however it ended."""
        self._under_way = max(0, self._under_way - 1)

    def refused(self, until: float) -> None:
        """The service says that there are no tokens, whatever was thought, and when to come back."""
        self._closed_until = max(self._closed_until, until)
        self._tokens, self._at = 0.0, self._closed_until
        self._rate = max(self._per_second * _LEAST, self._rate * _BACK)

    def learn(self, left: float, now: float) -> None:
        """The service says how many tokens are left."""
        self._fill(now)
        left = max(0.0, left - self._under_way)
        self._taken += self._there - left
        self._there = left
        self._tokens = min(self._tokens, max(0.0, left - self._reserve))
        past = now - self._window_at
        if past < _WINDOW:
            return
        mine = self._per_second * self._share
        if left < self._reserve + self._size * SCARCE:
            others = max(0.0, self._taken / past - _NOISE * self._per_second)
            mine = max(self._per_second * _LEAST, mine - others)
        self._rate += _STEP * (mine - self._rate)
        self._taken, self._window_at = 0.0, now

    def _fill(self, now: float) -> None:
        self._there = min(self._size, self._there + (now - self._there_at) * self._per_second)
        self._there_at = now
        most = self._size - self._reserve
        self._tokens = min(most, self._tokens + max(0.0, now - self._at) * self._rate)
        self._at = max(self._at, now)
