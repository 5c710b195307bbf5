"""A refusal of one thing holds up the others no longer than the bucket could be empty, and not again and again."""

from types import SimpleNamespace
from typing import Any

import pytest

from shared.adapters.azure.arm.limiter import LONGEST_SHUT, Limiter
from shared.errors import ThrottledError


class Service:
    """Refuses what concerns one VM."""

    def __init__(self, wait: str) -> None:
        self.came: list[str] = []
        self._wait = wait

    async def send(self, request: Any) -> Any:
        url = request.http_request.url
        self.came.append(url)
        status = 429 if "bad" in url else 200
        headers = {"Retry-After": self._wait} if status == 429 else {}
        return SimpleNamespace(http_response=SimpleNamespace(status_code=status, headers=headers))


class Side:
    def __init__(self, wait: str) -> None:
        self.now = 0.0
        self.service = Service(wait)
        limiter: Any = Limiter(clock=lambda: self.now)
        limiter.next = self.service
        self._limiter = limiter

    async def send(self, name: str) -> bool:
        """Whether it was sent."""
        request = SimpleNamespace(method="POST", url=f"https://arm.example/{name}?api-version=1")
        sent = len(self.service.came)
        try:
            await self._limiter.send(SimpleNamespace(http_request=request))
        except ThrottledError:
            return False
        return len(self.service.came) > sent


async def test_one_vm_that_is_throttled_for_ever_holds_up_no_other_for_ever() -> None:
    side = Side("30")
    assert await side.send("bad")
    assert not await side.send("good")  # it may be the bucket
    for _ in range(10):
        side.now += 31
        assert await side.send("good")
        assert await side.send("bad")
        assert await side.send("good")
        assert not await side.send("bad")  # it waits as it was told


@pytest.mark.parametrize("wait", ["3600", "99999999", "Wed, 21 Oct 2099 07:28:00 GMT"])
async def test_a_long_wait_is_for_what_was_refused_and_the_bucket_is_full_again_before(
    wait: str,
) -> None:
    side = Side(wait)
    assert await side.send("bad")
    side.now = LONGEST_SHUT - 11
    assert not await side.send("good")
    side.now = LONGEST_SHUT + 1
    assert await side.send("good")
    assert not await side.send("bad")
    side.now = 3601
    assert await side.send("bad")


async def test_where_others_are_refused_too_the_bucket_is_shut_each_time() -> None:
    side = Side("30")
    assert await side.send("bad-1")
    side.now += 31
    assert await side.send("good")
    assert await side.send("bad-2")
    assert not await side.send("good")
