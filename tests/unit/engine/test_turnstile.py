"""Who goes first where the control plane has no room for all: what puts hosts back."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from azure.core.rest import HttpRequest

from shared.adapters.azure.arm.limiter import SIZES, Limiter
from shared.adapters.azure.arm.turnstile import Turnstile
from shared.core.flow.progress import goes_back
from shared.core.host.actions import SetDrainMode, SetTag, puts_back
from shared.core.host.host import Wait
from shared.core.host.phases import Phase
from shared.errors import ThrottledError
from shared.ports import HURRY
from tests.support.builders import NOON, a_drain, a_host, minutes

SIZE = int(SIZES["writes"][0])


async def in_line(line: Turnstile, *who: tuple[str, bool]) -> list[str]:
    """In which order they come through, having come in this one while somebody was before them."""
    went: list[str] = []

    async def one(name: str, hurry: bool) -> None:
        await line.enter(hurry=hurry)
        went.append(name)
        line.leave()

    await line.enter(hurry=False)
    tasks = [asyncio.ensure_future(one(*each)) for each in who]
    await asyncio.sleep(0)
    line.leave()
    await asyncio.gather(*tasks)
    return went


async def test_who_is_in_a_hurry_goes_first_and_the_others_as_they_came() -> None:
    who = [("a", False), ("b", False), ("x", True), ("c", False), ("y", True)]
    assert await in_line(Turnstile(), *who) == ["x", "y", "a", "b", "c"]


async def test_who_gives_up_keeps_nobody_waiting() -> None:
    line = Turnstile()
    await line.enter(hurry=False)
    gone = asyncio.ensure_future(line.enter(hurry=False))
    stays = asyncio.ensure_future(line.enter(hurry=False))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    line.leave()
    await stays
    assert line.length == 0


async def test_who_gives_up_in_the_moment_of_their_turn_hands_it_on() -> None:
    line = Turnstile()
    await line.enter(hurry=False)
    gone = asyncio.ensure_future(line.enter(hurry=False))
    stays = asyncio.ensure_future(line.enter(hurry=False))
    await asyncio.sleep(0)
    line.leave()
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    await stays


class Service:
    """What the limiter hands requests on to; its answers say nothing of tokens."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.nearly_empty = asyncio.Event()

    async def send(self, request: Any) -> Any:
        self.came.append(request.http_request.url)
        if len(self.came) == SIZE - 10:
            self.nearly_empty.set()
        response = type("Response", (), {"status_code": 200, "headers": {}})()
        return type("Pipeline", (), {"http_response": response})()


def sender(monkeypatch: pytest.MonkeyPatch) -> tuple[Limiter, Service, Callable[[str], Any]]:
    """A limiter whose clock moves while it sleeps."""
    now = [0.0]
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        now[0] += seconds
        await real(0)

    monkeypatch.setattr("shared.adapters.azure.arm.limiter.asyncio.sleep", sleep)
    limiter, service = Limiter(clock=lambda: now[0], share=1.0), Service()
    limiter.next = service  # type: ignore[assignment]

    def send(name: str) -> Any:
        request = type("Request", (), {"http_request": HttpRequest("PATCH", name)})()
        return limiter.send(request)

    return limiter, service, send


async def test_a_write_that_opens_a_host_does_not_stand_behind_those_that_close_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, service, send = sender(monkeypatch)
    closing = [asyncio.ensure_future(send(f"close{n}")) for n in range(SIZE + 50)]
    await service.nearly_empty.wait()
    HURRY.set(True)
    opening = asyncio.ensure_future(send("open"))
    await asyncio.gather(*closing, opening)
    assert service.came.index("open") < SIZE


async def test_a_line_that_is_too_long_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    _, service, send = sender(monkeypatch)
    came = await asyncio.gather(*(send(str(n)) for n in range(400)), return_exceptions=True)
    refused = [error for error in came if isinstance(error, ThrottledError)]
    assert len(refused) + len(service.came) == 400
    assert refused


def test_what_puts_a_host_back() -> None:
    assert puts_back(SetDrainMode("a", True, ""))
    assert not puts_back(SetDrainMode("a", False, ""))
    assert puts_back(SetTag("a", "vm", "t", "", False, ""))
    assert not puts_back(SetTag("a", "vm", "t", "", True, ""))


@pytest.mark.parametrize(
    ("phase", "after", "back"),
    [
        (Phase.DRAINING, 0, False),
        (Phase.MAINTAINING, 10, False),
        (Phase.MAINTAINING, 0, True),
        (Phase.RESTORING, 10, True),
    ],
)
def test_a_drain_is_in_a_hurry_when_a_host_may_go_back(
    phase: Phase, after: int, back: bool
) -> None:
    wait = Wait("x", "x", NOON, NOON + minutes(after))
    assert goes_back(a_drain(a_host(phase=phase, wait=wait)), NOON) is back
