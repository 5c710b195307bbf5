"""What is counted of the requests to Azure Resource Manager."""

from types import SimpleNamespace
from typing import Any

import pytest

from shared.adapters.azure.arm.limiter import Limiter
from shared.ports.measures import ARM_REQUESTS, ARM_TOKENS
from tests.support.telemetry.noted import Noted


class Service:
    """Answers with a status, or breaks the connection."""

    def __init__(self, status: int) -> None:
        self._status = status

    async def send(self, request: object) -> Any:
        if not self._status:
            raise ConnectionError("broken")
        return SimpleNamespace(http_response=SimpleNamespace(status_code=self._status, headers={}))


async def ask(noted: Noted, method: str, status: int) -> None:
    limiter: Any = Limiter(telemetry=noted)
    limiter.next = Service(status)
    request: Any = SimpleNamespace(http_request=SimpleNamespace(method=method, url="https://x/y"))
    if status:
        await limiter.send(request)
        return
    with pytest.raises(ConnectionError):
        await limiter.send(request)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, "ok"), (202, "ok"), (304, "ok"), (404, "ok"), (400, "refused"), (409, "refused"), (401, "denied"),
     (403, "denied"), (429, "throttled"), (500, "failed"), (503, "failed"), (0, "lost")],
)  # fmt: skip
async def test_what_came_of_a_request(status: int, outcome: str) -> None:
    noted = Noted()
    await ask(noted, "PATCH", status)
    assert noted.of(ARM_REQUESTS) == {("writes", outcome): (1,)}
    assert outcome in ARM_REQUESTS.meaning


@pytest.mark.parametrize(
    ("method", "kind"), [("GET", "reads"), ("DELETE", "deletes"), ("POST", "writes")]
)
async def test_which_bucket_it_was_taken_from_and_what_is_left_there(
    method: str, kind: str
) -> None:
    noted = Noted()
    await ask(noted, method, 200)
    [(left,)] = noted.of(ARM_TOKENS).values()
    assert 100 < left < 250
    await ask(noted, method, 429)
    told = noted.values()
    assert told[ARM_TOKENS.name] == {(kind,): (0,)}
    assert told[ARM_REQUESTS.name] == {(kind, "throttled"): (1,)}
