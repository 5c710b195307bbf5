"""Schedules and their reports, through nights in which the app dies."""

import asyncio
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from shared.api.handlers.schedules import schedules
from shared.api.http.web import Request
from shared.core.schedules.report import markdown
from shared.core.schedules.schedules import Missed, RunState, Schedule, What
from shared.engine.schedules.scheduling import run_schedules
from shared.errors import PassingError, RequestRefusedError
from tests.support.callers.callers import ANNA
from tests.support.night.night import EVENING, Killer, Night
from tests.support.night.nightly import (
    MINUTE,
    body,
    live_until,
    request,
    runs,
    scheduled,
)


async def test_a_schedule_starts_its_drain_once_at_its_time_and_reports() -> None:
    night = Night(hosts=2)
    await scheduled(night, report_to="https://hooks.example/report")
    await live_until(night, EVENING + timedelta(hours=2))
    [run] = await runs(night)
    assert (run.state, run.report_taken) == (RunState.ENDED, "taken")
    assert run.report is not None
    assert run.report["summary"]["hostsDone"] == 2
    assert "2 hosts done, 0 not" in markdown(run.report)
    assert len(night.happened("restart")) == 2
    assert min(line["at"] for line in night.happened("drain mode on")) >= "2026-11-23T22:30"


async def test_two_instances_and_a_timer_that_comes_twice_run_a_moment_once() -> None:
    night = Night(hosts=2)
    await scheduled(night)
    await run_schedules(night.process.outside)
    night.clock.at += timedelta(minutes=31)
    await asyncio.gather(
        *(run_schedules(night.process.outside) for _ in range(4)), return_exceptions=True
    )
    await live_until(night, EVENING + timedelta(hours=2))
    assert len(await runs(night)) == 1
    assert len(night.happened("restart")) == 2


async def test_an_app_that_slept_for_a_day_runs_what_it_may_and_notes_what_it_missed() -> None:
    night = Night(hosts=1)
    await scheduled(night, cron="30 22,23 * * *", late_within=timedelta(hours=2))
    await run_schedules(night.process.outside)
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
        await run_schedules(night.process.outside)
    assert len(await runs(night)) == 1


async def test_days_of_a_calendar_are_left_out() -> None:
    night = Night(hosts=1)
    text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261123\nSUMMARY:Fair\nEND:VEVENT\nEND:VCALENDAR"
    await scheduled(night, calendar=text)
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
    asked = Request("PUT", "https://app/api/", {}, {}, {"name": "nightly"}, body, caller=ANNA)
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
    await run_schedules(night.process.outside)
    asked = Request(
        "DELETE", "https://app/api/", {"if-match": "*"}, {}, {"name": "nightly"}, caller=ANNA
    )
    await schedules.remove(night.process.outside, asked, "anna")
    night.clock.at += timedelta(minutes=45)  # past its moment
    await scheduled(night)
    await live_until(night, EVENING + timedelta(hours=2))
    assert await runs(night) == []
