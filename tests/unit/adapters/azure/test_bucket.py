"""The service's token buckets: kept to, and shared with whoever else draws from them."""

from heapq import heappop, heappush

import pytest

from shared.adapters.azure.arm.bucket import Bucket

SIZE, RATE = 200.0, 10.0


class Service:
    """The bucket itself, which refuses who comes to it when it is empty."""

    def __init__(self) -> None:
        self.tokens, self.at = SIZE, 0.0

    def ask(self, now: float) -> int | None:
        self.tokens = min(SIZE, self.tokens + (now - self.at) * RATE)
        self.at = now
        if self.tokens < 1:
            return None
        self.tokens -= 1
        return int(self.tokens)


def night(instances: int, each: int, share: float = 1.0, at_once: int = 8) -> tuple[float, int]:
    """How long ``instances`` take to send ``each`` requests, and how many are refused. A request takes
    a tenth of a second there and a tenth back."""
    service, refused, end = Service(), 0, 0.0
    buckets = [Bucket(SIZE, RATE, 0.0, share) for _ in range(instances)]
    left = [each] * instances
    todo: list[tuple[float, int, str, int, int | None]] = []
    number = 0

    def later(at: float, what: str, who: int, count: int | None = None) -> None:
        nonlocal number
        number += 1
        heappush(todo, (at, number, what, who, count))

    for who in range(instances):
        for place in range(at_once):
            later(0.013 * place + 0.007 * who, "take", who)
    while todo:
        now, _, what, who, count = heappop(todo)
        bucket = buckets[who]
        if what == "take":
            if left[who] == 0:
                continue
            if (delay := bucket.take(now)) > 0:
                later(now + delay, "take", who)
                continue
            left[who] -= 1
            later(now + 0.1, "arrive", who)
        elif what == "arrive":
            later(now + 0.1, "answer", who, service.ask(now))
        else:
            bucket.answered()
            if count is None:
                refused, left[who] = refused + 1, left[who] + 1
                bucket.refused(now + 2.0)
            else:
                bucket.learn(float(count), now)
                end = max(end, now)
            later(now, "take", who)
    return end, refused


@pytest.mark.parametrize("share", [1.0, 0.8, 0.5])
def test_who_is_alone_has_its_share_of_the_bucket_and_is_never_refused(share: float) -> None:
    took, refused = night(1, 1000, share)
    floor = (1000 - SIZE * share) / (RATE * share)
    assert refused == 0
    assert took < 1.05 * floor


@pytest.mark.parametrize("instances", [2, 3, 4])
def test_instances_share_a_bucket_without_talking(instances: int) -> None:
    took, refused = night(instances, 1200 // instances)
    assert refused < 5 * instances
    assert took < 1.2 * (1200 - SIZE) / RATE


def test_what_somebody_else_took_is_seen_in_the_services_own_count() -> None:
    bucket = Bucket(SIZE, RATE, 0.0)
    assert bucket.take(0.0) == 0.0
    bucket.answered()
    bucket.learn(0.0, 0.1)
    assert bucket.take(0.1) > 0


def test_after_a_refusal_nothing_is_sent_before_the_service_said() -> None:
    bucket = Bucket(SIZE, RATE, 0.0)
    bucket.refused(30.0)
    assert bucket.take(1.0) == 29.0
