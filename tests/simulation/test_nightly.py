"""Schedules, campaigns and their reports, through nights in which the app dies."""

import asyncio
import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from shared.adapters import calendars
from shared.adapters.documents import TableDocuments
from shared.api import schedules
from shared.api.campaigns import make, new_campaign
from shared.api.web import Request
from shared.core.campaigns import Campaign
from shared.core.orders import Order
from shared.core.report import markdown
from shared.core.schedules import Missed, Run, RunState, Schedule, What
from shared.core.status import ENDED, Status
from shared.engine import campaigning
from shared.engine.scheduling import Making, tick
from shared.errors import PassingError, RequestRefusedError
from tests.support.night import EVENING, Crash, Killer, Night

MINUTE = timedelta(minutes=1)


def request(night: Night, *hosts: str, **policy: Any) -> dict[str, Any]:
    policy = {"maintenance": {"kind": "restart"}, "maxUnavailable": "100%"} | policy
    named = [f"{host}.contoso.example" for host in hosts] or "all"
    return {"hostPool": night.pool.id, "hosts": named, "reason": "nightly", "policy": policy}


def making(night: Night) -> Making:
    def campaign(told: str, unique: str, address: str) -> campaigning.NewCampaign:
        return new_campaign(told.encode(), unique, address)

    return Making(partial(make, night.process.outside), campaign)


async def scheduled(night: Night, **more: Any) -> None:
    given: dict[str, Any] = {
        "cron": "30 22 * * *", "zone": "UTC", "what": What.DRAIN,
        "request": json.dumps(request(night)), "changed_at": night.clock.at,
    }  # fmt: skip
    schedule = Schedule("nightly", **(given | more))
    await night.process.outside.schedules.insert("nightly", schedule)


async def live_until(night: Night, end: datetime) -> None:
    """Time passes; the nightly timer fires each minute, whatever becomes of the process."""
    next_tick = night.clock.at
    while night.clock.at < end:
        if night.clock.at >= next_tick:
            next_tick = night.clock.at + MINUTE
            try:
                await tick(night.process.outside, making(night))
            except Crash:
                night.start_process()
        await night.pass_time()


async def runs(night: Night) -> list[Run]:
    """Oldest first."""
    page = await TableDocuments(night.tables[1], "moments", Run).list("nightly|", 50, None)
    return list(reversed(page.items))


async def drains(night: Night) -> int:
    listed = {line["host"] for line in night.happened("restart")}
    return len(listed)


async def test_a_schedule_starts_its_drain_once_at_its_time_and_reports() -> None:
    night = Night(hosts=2)
    await scheduled(night, report_to="https://hooks.example/report")
    await live_until(night, EVENING + timedelta(hours=2))
    [run] = await runs(night)
    assert (run.state, run.told) == (RunState.ENDED, "taken")
    assert run.report is not None
    assert run.report["summary"]["hostsDone"] == 2
    assert "2 hosts done, 0 not" in markdown(run.report)
    assert len(night.happened("restart")) == 2
    assert min(line["at"] for line in night.happened("drain mode on")) >= "2026-11-23T22:30"


async def test_two_instances_and_a_timer_that_comes_twice_run_a_moment_once() -> None:
    night = Night(hosts=2)
    await scheduled(night)
    await tick(night.process.outside, making(night))
    night.clock.at += timedelta(minutes=31)
    made = making(night)
    await asyncio.gather(
        *(tick(night.process.outside, made) for _ in range(4)), return_exceptions=True
    )
    await live_until(night, EVENING + timedelta(hours=2))
    assert len(await runs(night)) == 1
    assert len(night.happened("restart")) == 2


async def test_an_app_that_slept_for_a_day_runs_what_it_may_and_notes_what_it_missed() -> None:
    night = Night(hosts=1)
    await scheduled(night, cron="30 22,23 * * *", late_within=timedelta(hours=2))
    await tick(night.process.outside, making(night))
    night.clock.at += timedelta(days=1, hours=2)  # 00:00 two days later
    await live_until(night, night.clock.at + timedelta(hours=1))
    found = [(f"{run.at:%d %H:%M}", str(run.state)) for run in await runs(night)]
    assert found == [
        ("23 22:30", "skipped"), ("23 23:30", "skipped"), ("24 22:30", "skipped"),
        ("24 23:30", "ended"),
    ]  # fmt: skip


async def test_a_clock_that_is_set_back_runs_nothing_twice() -> None:
    night = Night(hosts=1)
    await scheduled(night)
    await live_until(night, EVENING + timedelta(hours=1))
    night.clock.at -= timedelta(minutes=45)
    for _ in range(60):
        night.clock.at += MINUTE
        await tick(night.process.outside, making(night))
    assert len(await runs(night)) == 1


async def test_days_of_a_calendar_are_left_out() -> None:
    night = Night(hosts=1)
    text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261123\nSUMMARY:Fair\nEND:VEVENT\nEND:VCALENDAR"
    await scheduled(night, calendar=text)
    outside = night.process.outside
    object.__setattr__(outside, "calendar_days", calendars.days)
    await live_until(night, EVENING + timedelta(hours=1))
    [run] = await runs(night)
    assert (run.state, run.text) == (RunState.SKIPPED, f"{date(2026, 11, 23)} is left out: Fair")


async def test_a_start_that_fails_for_a_passing_reason_is_tried_again() -> None:
    night = Night(hosts=1)
    await scheduled(night)
    night.faults = [("pool", PassingError("not now"))] * 3
    await live_until(night, EVENING + timedelta(hours=2))
    [run] = await runs(night)
    assert run.state is RunState.ENDED


async def test_a_request_that_cannot_be_carried_out_is_on_record_with_why() -> None:
    night = Night(hosts=1)
    await scheduled(night, request=json.dumps(request(night, "nobody")))
    await live_until(night, EVENING + timedelta(hours=1))
    [run] = await runs(night)
    assert run.state is RunState.REFUSED
    assert "no host 'nobody" in run.text


@pytest.mark.parametrize("after_effect", [False, True])
async def test_wherever_the_app_is_killed_the_moment_is_run_once_and_reported(
    after_effect: bool,
) -> None:
    calm = Night(hosts=1)
    await scheduled(calm)
    calm.start_process(killer := Killer())
    await live_until(calm, EVENING + timedelta(minutes=34))
    for at_call in range(1, killer.calls + 1, 2):
        night = Night(hosts=1)
        await scheduled(night, missed=Missed.RUN_LATE)
        night.start_process(Killer(at_call, after_effect))
        await live_until(night, EVENING + timedelta(hours=2, minutes=30))
        found = await runs(night)
        assert [run.state for run in found] == [RunState.ENDED], (at_call, found)
        assert len(night.happened("restart")) == 1
        assert night.host("host-0").allow_new_session


def body(night: Night) -> dict[str, Any]:
    return {
        "reason": "patches",
        "waves": [
            {"name": "pilots", "drains": [request(night, "host-0")]},
            {"name": "rest", "drains": [request(night, "host-1"), request(night, "host-2")],
             "sideBySide": 1},
        ],
    }  # fmt: skip


async def campaign_of(night: Night) -> Campaign:
    page = await TableDocuments(night.tables[1], "campaigns", Campaign).list("", 10, None)
    [found] = page.items
    return found


async def until_campaign_over(night: Night) -> Campaign:
    for _ in range(3000):
        found = await campaign_of(night)
        if found.status in ENDED:
            return found
        await night.pass_time()
    raise AssertionError(f"it runs for ever: {await campaign_of(night)}")


async def started(night: Night, told: dict[str, Any]) -> None:
    asked = new_campaign(json.dumps(told).encode(), "campaign a", "https://app/api/")
    await campaigning.start(night.process.outside, asked, "anna")


async def test_waves_go_one_after_the_other_and_drains_side_by_side_as_it_says() -> None:
    night = Night(hosts=3)
    await started(night, body(night))
    over = await until_campaign_over(night)
    assert over.status is Status.SUCCEEDED
    events = [
        line for line in night.world.log if line["what"] in ("drain mode on", "drain mode off")
    ]
    order = [(line["what"][11:], line["host"][:6]) for line in events]
    assert order == [(what, f"host-{n}") for n in range(3) for what in ("on", "off")]


async def test_a_wave_that_was_not_well_leaves_the_rest_untouched() -> None:
    night = Night(hosts=3)
    night.host("host-0").quirks.never_comes_back = True
    told = body(night)
    told["waves"][0]["drains"][0]["policy"]["healthyWithin"] = "PT10M"
    await started(night, told)
    over = await until_campaign_over(night)
    assert over.status is Status.FAILED
    assert "wave 'pilots' was not well" in over.stopped
    assert {line["host"][:6] for line in night.happened("drain mode on")} == {"host-0"}


async def test_a_pause_holds_the_campaign_and_its_drains_until_it_is_resumed() -> None:
    night = Night(hosts=3)
    await started(night, body(night))
    for _ in range(4):
        await night.pass_time()
    outside, id_ = night.process.outside, (await campaign_of(night)).id
    await campaigning.order(outside, id_, "pause", Order("anna", night.clock.now()))
    for _ in range(60):
        await night.pass_time()
    assert (await campaign_of(night)).status is Status.RUNNING
    assert all("host-0" in line["host"] for line in night.happened("drain mode on"))
    await campaigning.order(outside, id_, "resume", Order("anna", night.clock.now()))
    assert (await until_campaign_over(night)).status is Status.SUCCEEDED


async def test_a_cancel_ends_its_drains_and_begins_no_other() -> None:
    night = Night(hosts=3)
    await started(night, body(night))
    for _ in range(4):
        await night.pass_time()
    id_ = (await campaign_of(night)).id
    await campaigning.order(night.process.outside, id_, "cancel", Order("anna", night.clock.now()))
    assert (await until_campaign_over(night)).status is Status.CANCELED
    assert all(host.allow_new_session for host in night.pool.hosts.values())


async def test_a_repeated_request_is_one_campaign() -> None:
    night = Night(hosts=3)
    await started(night, body(night))
    await started(night, body(night))
    await until_campaign_over(night)
    assert len(night.happened("restart")) == 3


@pytest.mark.parametrize("after_effect", [False, True])
async def test_wherever_the_app_is_killed_a_campaign_comes_to_its_end(after_effect: bool) -> None:
    calm = Night(hosts=3)
    await started(calm, body(calm))
    calm.start_process(killer := Killer())
    await until_campaign_over(calm)
    for at_call in range(1, killer.calls + 1, 9):
        night = Night(hosts=3)
        await started(night, body(night))
        night.start_process(Killer(at_call, after_effect))
        assert (await until_campaign_over(night)).status is Status.SUCCEEDED
        assert len(night.happened("restart")) == 3
        assert all(host.allow_new_session for host in night.pool.hosts.values())


async def test_a_schedule_may_start_a_campaign_and_the_report_tells_its_waves() -> None:
    night = Night(hosts=3)
    night.host("host-1").quirks.never_comes_back = True
    told = body(night)
    told["waves"][1]["drains"][0]["policy"]["healthyWithin"] = "PT10M"
    await scheduled(night, what=What.CAMPAIGN, request=json.dumps(told))
    await live_until(night, EVENING + timedelta(hours=4))
    [run] = await runs(night)
    assert (run.state, len(run.drains)) == (RunState.ENDED, 2)
    assert run.report is not None
    assert [w["pools"][0]["status"] for w in run.report["campaign"]["waves"]] == [
        "Succeeded",
        "Failed",
    ]
    text = markdown(run.report)
    assert "Stopped: wave 'rest' was not well" in text
    assert "host-1.contoso.example" in text.split("## To be looked at")[1]


async def test_a_schedule_of_the_settings_is_run_and_shown_and_not_changed_over_http() -> None:
    night = Night(hosts=1)
    of_file = Schedule(
        "nightly", "30 22 * * *", "UTC", What.DRAIN, json.dumps(request(night)), from_file=True
    )
    options = replace(night.process.outside.options, schedules=(of_file,))
    night.process.outside = replace(night.process.outside, options=options)
    outside = night.process.outside
    body = json.dumps({"cron": "0 1 * * *", "drain": request(night)}).encode()
    asked = Request("PUT", "https://app/api/", {}, {}, {"name": "nightly"}, body)
    for change in (schedules.put, schedules.remove):
        with pytest.raises(RequestRefusedError) as told:
            await change(outside, asked, "anna")
        assert told.value.code == "ScheduleOfSettings"
    shown = await schedules.show(outside, asked, "anna")
    assert isinstance(shown.body, dict)
    assert (shown.body["from"], shown.body["cron"]) == ("settings", "30 22 * * *")
    await live_until(night, EVENING + timedelta(hours=2))
    assert [run.state for run in await runs(night)] == [RunState.ENDED]


async def test_a_schedule_that_is_made_again_does_not_run_what_it_would_have_run_meanwhile() -> (
    None
):
    night = Night(hosts=1)
    await scheduled(night)
    await tick(night.process.outside, making(night))
    asked = Request("DELETE", "https://app/api/", {}, {}, {"name": "nightly"})
    await schedules.remove(night.process.outside, asked, "anna")
    night.clock.at += timedelta(minutes=45)  # past its moment
    await scheduled(night)
    await live_until(night, EVENING + timedelta(hours=2))
    assert await runs(night) == []
