"""Schedules are looked at as drains are: when they are made, run dry, and run now; and a bad one
stops no other."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.storage.tables.table import Op
from shared.api.handlers.schedules import campaigns, schedules
from shared.api.http.responding import Handler
from shared.api.http.web import Request
from shared.core.schedules.schedules import RunState, Schedule, What
from shared.engine.schedules import lookahead
from shared.engine.schedules.lookahead import EVERY, look_ahead
from shared.engine.world.outside import Outside
from shared.errors import NotFoundError, RefusalKind, RequestRefusedError, ThrottledError
from tests.support.callers.callers import ANNA
from tests.support.night.night import EVENING, Night
from tests.support.night.nightly import body, live_until, request, runs, scheduled


def asked(told: Any, method: str = "PUT", **more: str) -> Request:
    headers = {"idempotency-key": "a"}
    data = json.dumps(told).encode() if told is not None else b""
    return Request(
        method, "https://app/api/", headers, more, {"name": "nightly"}, data, caller=ANNA
    )


def nightly(night: Night, *hosts: str, **policy: Any) -> dict[str, Any]:
    return {"cron": "30 22 * * *", "drain": request(night, *hosts, **policy)}


@pytest.mark.parametrize(
    ("hosts", "policy", "target", "said"),
    [
        (("nobody",), {}, "drain.hosts", "no host 'nobody"),
        ((), {"deadlineAt": "2027-01-01T00:00:00Z"}, "drain.policy.deadlineAt", "fixed date"),
    ],
)
async def test_what_is_surely_wrong_is_refused_when_it_is_made(
    hosts: tuple[str, ...], policy: dict[str, Any], target: str, said: str
) -> None:
    night = Night(hosts=1)
    with pytest.raises(RequestRefusedError) as told:
        await schedules.put(night.process.outside, asked(nightly(night, *hosts, **policy)), "anna")
    assert any(fault.target == target and said in fault.text for fault in told.value.faults)
    assert await night.process.outside.schedules.get("nightly") is None


async def test_a_pool_that_is_not_there_is_refused() -> None:
    night = Night(hosts=1)
    night.faults = [("pool", NotFoundError("gone"))]
    with pytest.raises(RequestRefusedError, match="no host pool"):
        await schedules.put(night.process.outside, asked(nightly(night)), "anna")
    night.faults = [("pool", NotFoundError("gone"))]
    with pytest.raises(RequestRefusedError) as refused:
        await campaigns.start(night.process.outside, asked(body(night), "POST"), "anna")
    assert any(fault.code == "HostPoolNotFound" for fault in refused.value.faults)
    assert all(fault.target.startswith("waves[") for fault in refused.value.faults)


async def test_what_may_pass_is_a_warning() -> None:
    night = Night(hosts=1)
    night.faults = [("pool", ThrottledError("slowly", timedelta(seconds=3)))]
    came = await schedules.put(night.process.outside, asked(nightly(night)), "anna")
    assert isinstance(came.body, dict)
    assert (came.status, came.body["warnings"]) == (201, ["drain.hostPool: slowly"])


async def test_what_the_estate_made_wrong_later_shows_on_a_dry_run() -> None:
    night = Night(hosts=2)
    outside = night.process.outside
    await schedules.put(outside, asked(nightly(night, "host-1")), "anna")
    del night.pool.hosts[night.host("host-1").name]
    came = await schedules.run(outside, asked(None, "POST", dryRun="true"), "anna")
    assert isinstance(came.body, dict)
    assert came.body["drains"][0]["plan"] is None
    shown = await schedules.show(outside, asked(None, "GET"), "anna")
    assert isinstance(shown.body, dict)
    assert "no host 'host-1" in shown.body["warnings"][0]
    assert await runs(night) == []


async def test_a_schedule_is_run_now_once_however_often_the_request_comes() -> None:
    night = Night(hosts=1)
    await scheduled(night, enabled=False)
    for _ in range(3):
        came = await schedules.run(night.process.outside, asked(None, "POST"), "anna")
        assert isinstance(came.body, dict)
        assert (came.status, came.body["state"]) == (202, "running")
    await live_until(night, EVENING + timedelta(minutes=25))
    [run] = await runs(night)
    assert (run.state, run.asked_by) == (RunState.ENDED, "anna")
    assert len(night.happened("restart")) == 1


async def test_a_schedule_is_replaced_and_removed_only_by_who_has_read_it() -> None:
    night = Night(hosts=1)
    outside = night.process.outside

    async def refusal(do: Handler, told: Any, **headers: str) -> RefusalKind:
        with pytest.raises(RequestRefusedError) as refused:
            await do(outside, replace(asked(told), headers=headers), "anna")
        return refused.value.kind

    any_version = {"if-match": "*"}
    assert await refusal(schedules.put, nightly(night), **any_version) is RefusalKind.CHANGED
    made = await schedules.put(outside, asked(nightly(night)), "anna")
    old = {"if-match": made.headers["ETag"]}
    shown = await schedules.show(outside, asked(None, "GET"), "anna")
    assert shown.headers["ETag"] == made.headers["ETag"]
    changed = nightly(night) | {"enabled": False}
    assert await refusal(schedules.put, changed) is RefusalKind.UNCONDITIONAL
    assert await refusal(schedules.remove, None) is RefusalKind.UNCONDITIONAL
    came = await schedules.put(outside, replace(asked(changed), headers=old), "anna")
    assert (came.status, came.headers["ETag"] != made.headers["ETag"]) == (200, True)
    assert await refusal(schedules.put, changed, **old) is RefusalKind.CHANGED
    assert await refusal(schedules.remove, None, **old) is RefusalKind.CHANGED
    new = {"if-match": came.headers["ETag"]}
    assert (
        await schedules.remove(outside, replace(asked(None), headers=new), "anna")
    ).status == 200
    assert await outside.schedules.get("nightly") is None


async def test_one_bad_schedule_stops_no_other() -> None:
    night = Night(hosts=1)
    outside = night.process.outside
    await scheduled(night, report_to="https://a..hooks.example/x")
    good = await outside.schedules.get("nightly")
    assert good is not None
    several: dict[str, dict[str, Any]] = {
        "a-zone": {"zone": "Moon/Base"},
        "b-cron": {"cron": "nonsense"},
        "c-body": {"request": "[]"},
    }
    for name, more in several.items():
        await outside.schedules.insert(name, replace(good[0], name=name))
        [row] = night.tables[1].peek("schedules", name, f"{name}~")
        bad = json.dumps({**json.loads(row.values["data"]), **more})
        night.tables[1].put("schedules", Op("upsert", name, {**row.values, "data": bad}))
    for partition in ("schedules", "moments", "considered", "campaigns"):
        key = "nightly|0" if partition == "moments" else "aaa"
        night.tables[1].put(partition, Op("insert", key, {"schema": 99, "data": "{}"}))
    await live_until(night, EVENING + timedelta(hours=1, minutes=30))
    [run] = await runs(night)
    assert run.state is RunState.ENDED
    assert len(night.happened("restart")) == 1


def of_the_settings(night: Night, *hosts: str) -> None:
    """The app has schedule ``nightly`` among its settings."""
    told = json.dumps(request(night, *hosts))
    schedule = Schedule("nightly", "30 22 * * *", "UTC", What.DRAIN, told, from_file=True)
    options = replace(night.process.outside.options, schedules=(schedule,))
    night.process.outside = replace(night.process.outside, options=options)


async def looked_ahead(night: Night) -> list[str]:
    """What `GET schedules/nightly` warns of, after the timer."""
    outside = night.process.outside
    await look_ahead(outside)
    shown = await schedules.show(outside, asked(None, "GET"), "anna")
    assert isinstance(shown.body, dict)
    return list(shown.body["warnings"])


async def test_a_schedule_of_the_settings_is_looked_at_by_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    night = Night(hosts=1)
    of_the_settings(night, "host-0", "nobody")
    caplog.set_level(logging.WARNING)
    [warning] = await looked_ahead(night)
    assert warning.startswith("drain.hosts: no host 'nobody")
    assert sum(warning in record.getMessage() for record in caplog.records) == 1


async def test_a_schedule_that_nothing_is_amiss_with_warns_of_nothing() -> None:
    night = Night(hosts=1)
    of_the_settings(night)
    assert await looked_ahead(night) == []


async def test_a_pool_that_is_gone_is_told_before_the_night() -> None:
    night = Night(hosts=1)
    of_the_settings(night)
    night.faults = [("pool", NotFoundError("gone"))]
    [warning] = await looked_ahead(night)
    assert "no host pool" in warning


async def test_a_look_that_cannot_be_taken_is_told_and_loses_no_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    night = Night(hosts=1)
    of_the_settings(night)
    outside = night.process.outside

    async def hangs(outside: Outside, schedule: Schedule) -> tuple[str, ...]:
        raise TimeoutError(schedule.name)

    monkeypatch.setattr(lookahead, "amiss", hangs)
    await look_ahead(outside)
    shown = await schedules.show(outside, asked(None, "GET"), "anna")
    assert isinstance(shown.body, dict)
    assert shown.body["warnings"] == ["could not be looked at: TimeoutError: nightly"]
    await live_until(night, EVENING + timedelta(hours=1, minutes=30))
    assert [run.state for run in await runs(night)] == [RunState.ENDED]


async def test_what_the_estate_made_wrong_later_shows_by_itself_and_goes_with_it() -> None:
    night = Night(hosts=2)
    outside = night.process.outside
    await schedules.put(outside, asked(nightly(night, "host-1")), "anna")
    gone = night.pool.hosts.pop(night.host("host-1").name)
    assert await looked_ahead(night) == []  # it was looked at when it was made
    night.clock.at += EVERY
    [warning] = await looked_ahead(night)
    assert "no host 'host-1" in warning
    night.pool.hosts[gone.name] = gone
    night.clock.at += EVERY
    assert await looked_ahead(night) == []


async def test_a_schedule_is_not_looked_at_while_its_own_run_has_the_hosts() -> None:
    night = Night(hosts=1)
    of_the_settings(night)
    await schedules.run(night.process.outside, asked(None, "POST"), "anna")
    assert await looked_ahead(night) == []
    assert await night.process.outside.looks.get("nightly") is None
