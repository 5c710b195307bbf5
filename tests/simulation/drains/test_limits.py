"""How much one caller may have at a time, whatever it calls itself; and how much is told at once."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from shared.adapters.storage.tables.table import END
from shared.api.http.callers import Caller
from shared.api.http.responding import response_of
from shared.api.http.web import Request, Response
from shared.api.routes import NAMED
from shared.core.access.roles import Limits
from shared.errors import MOST_FAULTS
from shared.wire.bodies import LARGEST
from shared.wire.campaigns import MOST_DRAINS
from tests.support.callers.callers import ANNA
from tests.support.night.night import Night
from tests.support.night.nightly import request as start_body

BASE = "https://app.example/api/"
BEN = replace(ANNA, name="ben", id="oid:ben")


def limited(night: Night, most: int = 1) -> Night:
    process = night.process
    limits = Limits(drains=most, campaigns=most, schedules=most)
    options = replace(process.outside.options, limits=limits)
    process.outside = replace(process.outside, options=options)
    return night


async def send(
    night: Night,
    name: str,
    body: Any,
    caller: Caller = ANNA,
    path: dict[str, str] | None = None,
    key: str = "",
) -> Response:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"idempotency-key": key} if key else {}
    request = Request(NAMED[name].method, BASE, headers, {}, path or {}, sent, caller=caller)
    return await response_of(NAMED[name].handler, night.process.outside, request, caller.name)


async def started(night: Night, host: str, caller: Caller = ANNA, key: str = "") -> Response:
    return await send(night, "start_drain", start_body(night, host), caller, key=key)


async def test_a_caller_who_has_as_many_drains_as_one_may_is_told_so_and_others_go_on() -> None:
    night = limited(Night(hosts=4))
    assert (await started(night, "host-0")).status == 202
    came = await started(night, "host-1")
    assert (came.status, came.headers["x-ms-error-code"]) == (429, "TooManyOpen")
    assert "Retry-After" in came.headers
    assert "1 is the limit" in came.text
    assert (await started(night, "host-1", BEN)).status == 202


async def test_another_name_makes_no_room() -> None:
    night = limited(Night(hosts=4))
    await started(night, "host-0")
    renamed = replace(ANNA, name="a caller with a function key, says to be 'somebody else'")
    assert (await started(night, "host-1", renamed)).status == 429


async def test_the_same_request_again_finds_its_drain() -> None:
    night = limited(Night(hosts=4))
    first = await started(night, "host-0", key="k")
    again = await started(night, "host-0", key="k")
    assert again.status == 202
    assert json.loads(again.text)["id"] == json.loads(first.text)["id"]


async def test_a_drain_that_is_over_makes_room() -> None:
    night = limited(Night(hosts=4))
    first = json.loads((await started(night, "host-0")).text)
    await night.until_over(first["id"])
    assert (await started(night, "host-1")).status == 202


async def test_a_subscription_that_starts_a_drain_counts_as_one() -> None:
    night = limited(Night(hosts=4))
    await started(night, "host-0")
    body = {"callbackUrl": "https://hooks.example/x", "start": start_body(night, "host-1")}
    assert (await send(night, "subscribe", body)).status == 429


async def test_campaigns_and_schedules_of_a_caller_are_counted_too() -> None:
    night = limited(Night(hosts=4))
    campaign = {"reason": "r", "waves": [{"name": "w", "drains": [start_body(night, "host-0")]}]}
    assert (await send(night, "start_campaign", campaign, key="k")).status == 202
    assert (await send(night, "start_campaign", campaign, key="k")).status == 202
    assert (await send(night, "start_campaign", campaign)).status == 429
    schedule = {"cron": "30 22 * * *", "drain": start_body(night, "host-1")}
    assert (await send(night, "put_schedule", schedule, path={"name": "a"})).status == 201
    assert (await send(night, "put_schedule", schedule, path={"name": "b"})).status == 429
    assert (await send(night, "put_schedule", schedule, BEN, path={"name": "b"})).status == 201


@pytest.mark.parametrize("what", ["start_drain", "start_campaign", "put_schedule"])
async def test_of_requests_at_once_no_more_are_taken_than_there_is_room_for(what: str) -> None:
    night = limited(Night(hosts=12), 3)

    async def ask(number: int) -> int:
        drain = start_body(night, f"host-{number}")
        body = {
            "start_drain": drain,
            "start_campaign": {"reason": "r", "waves": [{"name": "w", "drains": [drain]}]},
            "put_schedule": {"cron": "30 22 * * *", "drain": drain},
        }[what]
        return (await send(night, what, body, path={"name": f"s{number}"})).status

    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(ask(number)) for number in range(10)]
    statuses = [task.result() for task in asked]
    taken = sum(status < 300 for status in statuses)
    assert set(statuses) <= {201, 202, 429}
    assert taken <= 3
    index = night.tables[1]
    known = {
        "start_drain": ("active", "drains"), "start_campaign": ("active", "campaigns"), "put_schedule": ("schedules",),
    }[what]  # fmt: skip
    assert {len(index.peek(partition, "", END)) for partition in known} == {taken}
    for number in range(10, 12):  # one after another, there is room for what was refused
        await ask(number)
    assert len(index.peek(known[-1], "", END)) >= 2


async def test_a_drain_has_a_limit_of_subscriptions_and_knows_those_that_it_has() -> None:
    night = Night(hosts=2)
    drain = json.loads((await started(night, "host-0")).text)["id"]

    async def subscribed(number: int) -> int:
        body = {"callbackUrl": f"https://hooks.example/{number}", "drain": drain}
        return (await send(night, "subscribe", body)).status

    assert {await subscribed(n) for n in range(100)} == {201}
    assert await subscribed(100) == 409
    assert await subscribed(99) == 200


async def test_of_many_faults_the_first_are_told_and_how_many_more_there_are() -> None:
    night = Night(hosts=1)
    body = {**start_body(night), **{f"x{n}": 1 for n in range(60_003)}}
    came = await send(night, "start_drain", body)
    error = json.loads(came.text)["error"]
    assert (came.status, len(error["details"])) == (400, MOST_FAULTS)
    assert f"{60_003 - MOST_FAULTS} more" in error["message"]
    assert len(came.text) < 50_000


async def test_a_long_name_is_not_told_as_long_as_it_is() -> None:
    night = Night(hosts=1)
    body = {**start_body(night), **{f"{n}{'x' * 5000}": 1 for n in range(150)}}
    came = await send(night, "start_drain", body)
    assert came.status == 400
    assert len(came.text) < 100 * 4200


async def test_a_dry_run_tells_the_first_faults_of_a_drain() -> None:
    night = Night(hosts=1)
    names = [f"no-host-{n}" for n in range(1000)]
    campaign = {
        "reason": "r",
        "waves": [{"name": "w", "drains": [start_body(night) | {"hosts": names}]}],
    }
    request = Request(
        "POST", BASE, {}, {"dryRun": "true"}, {}, json.dumps(campaign).encode(), caller=ANNA
    )
    came = await response_of(
        NAMED["start_campaign"].handler, night.process.outside, request, "anna"
    )
    [refused] = [d["refused"] for w in json.loads(came.text)["waves"] for d in w["drains"]]
    assert len(refused) == MOST_FAULTS + 1
    assert refused[-1] == f"and {1000 - MOST_FAULTS} more faults"


async def test_a_body_that_is_too_large_is_not_read_at_any_address() -> None:
    night = Night(hosts=1)
    large = b'{"reason": "' + b"x" * LARGEST + b'"}'
    for name in NAMED:
        came = await send(
            night, name, large, path=dict.fromkeys(("id", "name", "order", "token", "file"), "x")
        )
        assert (came.status, came.headers["x-ms-error-code"]) == (413, "BodyTooLarge"), name
        assert str(LARGEST) in came.text


async def test_a_campaign_has_a_limit_of_drains_whatever_its_waves() -> None:
    night = Night(hosts=1)
    drain = {"hostPool": night.pool.id, "hosts": "all", "reason": "r"}
    waves = [{"name": str(n), "drains": [drain] * 200} for n in range(MOST_DRAINS // 200 + 1)]
    came = await send(night, "start_campaign", {"reason": "r", "waves": waves})
    assert came.status == 400
    assert f"{MOST_DRAINS} are the limit" in came.text
