"""One limiter in front of Azure Resource Manager, that knows its token buckets.

The service gives each subscription, principal and region a bucket per kind of request and
answers 429 past it. This keeps to a share of each, so that others have room, takes the service's
own count where it tells one, and after a 429 sends nothing of that kind before it said. What puts hosts back
goes before all else.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import AsyncHTTPPolicy
from azure.core.rest import AsyncHttpResponse, HttpRequest

from shared.adapters.azure.arm.bucket import Bucket
from shared.adapters.azure.arm.turnstile import Turnstile
from shared.adapters.retryafter import retry_after
from shared.errors import ThrottledError
from shared.ports import HURRY, SILENT, Telemetry
from shared.ports.measures import ARM_REQUESTS, ARM_TOKENS

SHARE = 0.8
LONGEST_WAIT = 10.0
"""Seconds to wait inside a call; for longer the caller had better come back."""
LONGEST_SHUT = 120.0
"""Seconds that a refusal shuts a whole bucket, which is full again long before. What was refused waits as long as it is
told."""
_MOST_REFUSED = 10_000
SIZES = {"reads": (250, 25.0), "writes": (200, 10.0), "deletes": (200, 10.0)}
"""Tokens a bucket holds, and how many come back a second: the service's published numbers."""


class Refused:
    """What the service refused with 429, until it may be asked again. The service also limits single resources, such as
    one VM: what is refused again after others of its kind were answered is refused by itself, and holds up nobody else."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._answered = dict.fromkeys(SIZES, 0)
        """How many answers of each kind were no refusals."""
        self._first: dict[str, int] = {}
        """By what was refused since it was last answered: how many of its kind had been answered then."""

    def until(self, about: str) -> float:
        """When it may be asked for again; 0 if nothing is known."""
        return self._until.get(about, 0.0)

    def again(self, kind: str, about: str, until: float, now: float) -> bool:
        """Note a refusal. Whether it is of this one alone."""
        self._until = {each: at for each, at in self._until.items() if at > now} | {about: until}
        if len(self._first) > _MOST_REFUSED:
            self._first.clear()
        return self._answered[kind] > self._first.setdefault(about, self._answered[kind])

    def answered(self, kind: str, about: str) -> None:
        """Note an answer that is no refusal."""
        self._answered[kind] += 1
        self._first.pop(about, None)
        self._until.pop(about, None)


class Limiter(AsyncHTTPPolicy[HttpRequest, AsyncHttpResponse]):
    """A policy for one subscription's clients. Raises ThrottledError rather than wait long."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        share: float = SHARE,
        telemetry: Telemetry = SILENT,
    ) -> None:
        super().__init__()
        self._telemetry = telemetry
        self._clock = clock
        now = clock()
        self._buckets = {
            kind: Bucket(size, per_second, now, share) for kind, (size, per_second) in SIZES.items()
        }
        self._lines = {kind: Turnstile() for kind in SIZES}
        self._refused = Refused()

    async def send(
        self, request: PipelineRequest[HttpRequest]
    ) -> PipelineResponse[HttpRequest, AsyncHttpResponse]:
        kind = {"GET": "reads", "DELETE": "deletes"}.get(request.http_request.method, "writes")
        bucket = self._buckets[kind]
        about = f"{request.http_request.method} {urlsplit(request.http_request.url).path}"
        if (delay := self._refused.until(about) - self._clock()) > 0:
            raise _throttled("requests like this", delay)
        await self._admit(kind, bucket)
        outcome = "lost"
        try:
            response = await self.next.send(request)
            outcome = _outcome(response.http_response.status_code)
        finally:
            bucket.answered()
            self._telemetry.count(ARM_REQUESTS, kind=kind, outcome=outcome)
        self._learn(bucket, kind, about, response.http_response)
        self._telemetry.record(ARM_TOKENS, bucket.left, kind=kind)
        return response

    def room(self) -> int:
        """How many writes would be sent at once if they came now."""
        there = self._buckets["writes"].at_hand(self._clock())
        return max(0, int(there) - self._lines["writes"].length)

    async def _admit(self, kind: str, bucket: Bucket) -> None:
        """Wait for a token. Raises ThrottledError."""
        line, hurry = self._lines[kind], HURRY.get()
        if not hurry and (delay := line.length / bucket.rate) > LONGEST_WAIT:
            raise _throttled(kind, delay)
        await line.enter(hurry=hurry)
        try:
            while (delay := bucket.take(self._clock())) > 0:
                if delay > LONGEST_WAIT:
                    raise _throttled(kind, delay)
                await asyncio.sleep(delay)
        finally:
            line.leave()

    def _learn(self, bucket: Bucket, kind: str, about: str, response: AsyncHttpResponse) -> None:
        if response.status_code == 429:
            now, delay = self._clock(), retry_after(response).total_seconds()
            if not self._refused.again(kind, about, now + delay, now):
                bucket.refused(now + min(delay, LONGEST_SHUT))
            return
        self._refused.answered(kind, about)
        left = response.headers.get(f"x-ms-ratelimit-remaining-subscription-{kind}", "")
        if left.isascii() and left.isdigit():
            bucket.learn(float(left), self._clock())


def _outcome(status: int) -> str:
    """That something is not there is an answer like others."""
    match status:
        case 429:
            return "throttled"
        case 401 | 403:
            return "denied"
        case _ if status < 400 or status == 404:
            return "ok"
    return "refused" if status < 500 else "failed"


def _throttled(kind: str, delay: float) -> ThrottledError:
    text = f"too many {kind}: the control plane allows the next in {delay:.0f} s"
    return ThrottledError(text, timedelta(seconds=delay))
