"""What becomes of a pool while it is drained, noted by the real engine and told by the API."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest

from shared.api.http.web import Request
from shared.api.routes import NAMED
from shared.core.host.status import Status
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Amount, AtDeadline, MinimumCapacity, Policy
from tests.simulation.schedules.test_forecasts import get, peopled
from tests.support.callers.callers import ANNA
from tests.support.night.night import Night

POLICY = Policy(
    maintenance=Restart(),
    max_unavailable=Amount(2),
    deadline=timedelta(minutes=30),
    at_deadline=AtDeadline.SIGN_OUT,
)


async def test_a_whole_drain_is_told_from_its_first_look_to_its_last() -> None:
    night = Night(hosts=6)
    peopled(night)
    someone = next(iter(night.pool.hosts.values()))
    someone.allow_new_session = False
    drain = await night.start(POLICY)
    assert (await get(night, "drain_availability", id=drain.id))["now"] is None
    assert (await get(night, "show_drain", id=drain.id))["availability"] is None
    for _ in range(4):
        await night.pass_time()
    told = await get(night, "drain_availability", id=drain.id)
    now = told["now"]
    assert (now["hosts"], now["available"], now["floor"]) == (6, 4, 4)
    assert "2 of 2 hosts are out" in now["because"]
    assert (await get(night, "show_drain", id=drain.id))["availability"] == now
    assert told["expected"]
    assert told["expected"][-1]["at"] > now["at"]
    assert told["expected"][-1]["available"] == 5  # theirs stays out
    assert told["expectedEnd"]["basis"] == "policy"

    ended = await night.until_over(drain.id)
    assert ended.progress.status is Status.SUCCEEDED
    told = await get(night, "drain_availability", id=drain.id)
    assert told["past"][0]["at"] <= told["past"][-1]["at"] <= told["now"]["at"]
    assert {point["available"] for point in told["past"]} <= {4, 5}
    assert told["past"][-1]["available"] == 5
    assert all(point["available"] >= point["floor"] for point in told["past"])
    assert (told["expected"], told["expectedEnd"]) == ([], None)
    [listed] = (await get(night, "list_drains"))["value"]
    assert listed["availability"] is None


async def test_a_floor_of_sessions_stays_known_while_nobody_needs_to_know_it() -> None:
    night = Night(hosts=5)
    peopled(night)
    drain = await night.start(
        Policy(
            maintenance=Restart(),
            max_unavailable=Amount(4),
            minimum_capacity=MinimumCapacity(sessions=30),
            deadline=timedelta(minutes=30),
            at_deadline=AtDeadline.SIGN_OUT,
        )
    )
    await night.until_over(drain.id)
    told = await get(night, "drain_availability", id=drain.id)
    floors = {point["floor"] for point in told["past"]}
    assert None not in floors
    assert max(floors) >= 3


async def test_a_note_that_fails_holds_nothing_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("shared.engine.step.forecasting.standing", fails)
    night = Night(hosts=2)
    peopled(night)
    with caplog.at_level(logging.ERROR):
        drain = await night.until_over((await night.start(POLICY)).id)
    assert drain.progress.status is Status.SUCCEEDED
    assert drain.availability is None
    assert "how its pool stands is not noted" in caplog.text


async def planned(night: Night, body: dict[str, Any]) -> Any:
    request = Request(
        "POST",
        "https://app.example/api/",
        {},
        {"dryRun": "true"},
        {},
        json.dumps(body).encode(),
        caller=ANNA,
    )
    return (await NAMED["start_drain"].handler(night.process.outside, request, "anna")).body


async def test_a_dry_run_tells_when_each_host_is_expected_back() -> None:
    night = Night(hosts=5)
    peopled(night)
    await night.until_over((await night.start(POLICY)).id)
    peopled(night)
    body: dict[str, Any] = {
        "hostPool": night.pool_id.resource_id,
        "hosts": "all",
        "reason": "again",
        "policy": {
            "maintenance": {"kind": "restart"},
            "deadline": "PT30M",
            "atDeadline": "signOut",
        },
    }
    told = await planned(night, body)
    ends = [host["expectedEnd"] for host in told["hosts"]]
    assert {end["basis"] for end in ends} == {"past"}
    assert [end["at"] for end in ends] == sorted(end["at"] for end in ends)
    assert ends[0]["at"] < ends[-1]["at"] <= told["expectedEnd"]["latest"]
    assert all(host["outFrom"] < host["expectedEnd"]["at"] for host in told["hosts"])
    body["policy"]["minimumAvailable"] = 5
    told = await planned(night, body)
    assert {host["expectedEnd"] for host in told["hosts"]} == {None}
    assert all(host["cannotGo"] for host in told["hosts"])
