"""Forecasts beside the real engine: made and learned from with what a step sees anyway; they fail alone."""

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from local.sim.estate.people import Manner, Person
from shared.adapters.storage.tables.table import Op
from shared.api.http.web import Request
from shared.api.routes import NAMED
from shared.core.drain.expected import Basis
from shared.core.forecast import forecast as rules
from shared.core.host.orders import Order
from shared.core.host.phases import OUT
from shared.core.host.status import Status
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Amount, AtDeadline, Policy
from shared.core.schedules.campaignend import forecast_of
from shared.core.schedules.campaigns import Campaign
from shared.engine.drains import orders
from shared.errors import ANY, StorageError
from tests.support.callers.callers import ANNA
from tests.support.night.night import Night
from tests.support.night.nightly import body, campaign_of, started, until_campaign_over

POLICY = Policy(
    maintenance=Restart(),
    max_unavailable=Amount(2),
    deadline=timedelta(minutes=30),
    at_deadline=AtDeadline.SIGN_OUT,
)


def peopled(night: Night) -> None:
    for host in night.pool.hosts.values():
        for n in range(3):
            person = Person(f"user{n}@contoso.example", Manner.LEAVES, 120.0 + 60 * n)
            night.world.sign_in(night.pool, host, person)


async def lived(night: Night, unique: str) -> Any:
    """A drain from its start to its end: as it is then, and its first forecast."""
    peopled(night)
    drain = await night.start(POLICY, unique=unique)
    while drain.forecast is None:
        await night.pass_time()
        drain = await night.drain(drain.id)
    return await night.until_over(drain.id), drain.forecast


async def get(night: Night, name: str, **path: str) -> Any:
    request = Request("GET", "https://app.example/api/", {}, {}, path, caller=ANNA)
    return (await NAMED[name].handler(night.process.outside, request, "anna")).body


async def test_the_second_drain_of_a_pool_knows_what_the_first_one_took() -> None:
    night = Night(hosts=6)
    ended, first = await lived(night, "a")
    assert first.whole.basis is Basis.POLICY
    took = ended.progress.ended_at - ended.control.asked.at
    calls = len(night.world.log)
    assert calls
    ended, second = await lived(night, "b")
    assert second.whole.basis is Basis.PAST
    assert second.whole.observations >= 3
    for each in (second.whole, second.queued):
        assert each.earliest <= each.at <= each.latest
    off = abs(second.whole.at - ended.progress.ended_at)
    assert off < abs(first.whole.at - first.made_at - took)


async def test_nothing_more_is_asked_of_the_control_plane_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def calls() -> list[str]:
        night, asked = Night(hosts=4), list[str]()
        real = night.record

        def record(name: str, *, before: bool = True) -> None:
            asked.append(name)
            real(name, before=before)

        monkeypatch.setattr(night, "record", record)
        await lived(night, "a")
        return asked

    with_forecasts = await calls()
    monkeypatch.setattr("shared.engine.step.forecasting.is_due", lambda drain, now: False)
    monkeypatch.setattr("shared.engine.step.forecasting.has_news", lambda before, after: False)
    night = Night(hosts=4)
    asked: list[str] = []
    monkeypatch.setattr(night, "record", lambda name, before=True: asked.append(name))
    peopled(night)
    await night.until_over((await night.start(POLICY)).id)
    assert sorted(with_forecasts) == sorted(asked)


def again(campaign: Campaign) -> Campaign:
    """The campaign as if it had not begun."""
    slots = tuple(replace(slot, drain="", status=None) for slot in campaign.slots)
    return replace(campaign, slots=slots, status=Status.RUNNING)


async def test_it_is_told_of_a_drain_its_hosts_and_in_the_list() -> None:
    night = Night(hosts=4)
    await lived(night, "a")
    peopled(night)
    drain = await night.start(POLICY, unique="b")
    for _ in range(6):
        await night.pass_time()
    shown = await get(night, "show_drain", id=drain.id)
    told = shown["expectedEnd"]
    assert told["basis"] == "past"
    assert told["earliest"] <= told["at"] <= told["latest"]
    listed = await get(night, "list_drains")
    assert [each["expectedEnd"] for each in listed["value"]] == [told, None]
    hosts = (await get(night, "drain_hosts", id=drain.id))["value"]
    assert {host["phase"] for host in hosts} >= {"queued"}
    assert all(host["expectedEnd"]["because"] for host in hosts)


async def test_a_drain_without_room_says_so_as_soon_as_its_users_have_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "_EVERY", timedelta(hours=9))  # however seldom forecasts are made
    night = Night(hosts=4)
    first, *others = night.pool.hosts.values()
    night.world.sign_in(night.pool, first, Person("user@contoso.example", Manner.LEAVES, 600.0))
    policy = replace(POLICY, max_unavailable=Amount(1), at_deadline=AtDeadline.WAIT)
    drain = await night.start(policy, hosts=(first.name, others[0].name))
    night.world.sign_in(
        night.pool, others[0], Person("other@contoso.example", Manner.STUBBORN, 0.0)
    )
    while "as long as they take" not in (await told_of(night, drain.id)):
        await night.pass_time()
    for each in others[1:]:
        each.allow_new_session = False
    while any(host.phase in OUT for host in (await night.drain(drain.id)).hosts):
        await night.pass_time()
    assert "no host may go out as things are" in await told_of(night, drain.id)


async def told_of(night: Night, drain: str) -> str:
    expected = (await get(night, "show_drain", id=drain))["expectedEnd"]
    return str(expected["because"]) if expected is not None else ""


async def test_a_paused_drain_has_none_and_says_who_paused_it() -> None:
    night = Night(hosts=2)
    peopled(night)
    drain = await night.start(POLICY)
    await night.pass_time()
    order = Order("kim", night.clock.at, "lunch")
    await orders.pause(night.process.outside, drain.id, ANY, True, order)
    for _ in range(3):
        await night.pass_time()
    told = (await get(night, "show_drain", id=drain.id))["expectedEnd"]
    assert (told["at"], told["basis"]) == (None, "none")
    assert "paused by kim" in told["because"]


@pytest.mark.parametrize(
    "values",
    [{"past": 1, "data": "{"}, {"past": 99, "data": "{}"}, {"something": "else"}],
    ids=["garbage", "newer", "another row"],
)
async def test_whatever_the_row_says_the_drain_goes_on(values: dict[str, Any]) -> None:
    night = Night(hosts=2)
    night.tables[0].put(night.pool_id.key, Op("upsert", "past", values))
    ended, first = await lived(night, "a")
    assert ended.progress.status is Status.SUCCEEDED
    assert first.whole.basis is Basis.POLICY
    row = await night.tables[0].get(night.pool_id.key, "past")
    assert row is not None
    assert (row.values.get("past") == 99) is (values.get("past") == 99)


async def test_a_rule_that_fails_leaves_no_forecast_and_the_drain_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*given: object) -> None:
        raise ZeroDivisionError

    for place in ("step.forecasting.learned", "world.pasts.forecast"):
        monkeypatch.setattr(f"shared.engine.{place}", fails)
    night = Night(hosts=2)
    peopled(night)
    with caplog.at_level(logging.ERROR):
        drain = await night.until_over((await night.start(POLICY)).id)
    assert drain.progress.status is Status.SUCCEEDED
    assert drain.forecast is None
    assert "there is no forecast of it" in caplog.text
    assert rules.forecast is not fails


async def test_a_past_that_cannot_be_read_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    night = Night(hosts=2)

    async def refused(*given: object) -> None:
        raise StorageError("not now")

    monkeypatch.setattr(night.process.outside.store, "past", refused)
    ended, first = await lived(night, "a")
    assert ended.progress.status is Status.SUCCEEDED
    assert first.whole.basis is Basis.POLICY
    hosts = (await get(night, "drain_hosts", id=ended.id))["value"]
    assert [host["expectedEnd"] for host in hosts] == [None, None]


async def test_a_campaign_is_expected_to_end_when_its_drains_are() -> None:
    night = Night(hosts=3)
    await started(night, body(night))
    campaign = await campaign_of(night)
    while campaign.forecast is None:
        await night.pass_time()
        campaign = await campaign_of(night)
    told = (await get(night, "show_campaign", id=campaign.id))["expectedEnd"]
    assert told["at"] is None  # of a pool whose drains were never seen to end
    await until_campaign_over(night)
    campaign = await campaign_of(night)
    assert (await get(night, "show_campaign", id=campaign.id))["expectedEnd"] is None
    past = await night.process.outside.store.past(night.pool_id.key)
    assert past is not None
    assert past.drains.count == 3
    made = forecast_of(again(campaign), {}, {night.pool_id.key: past}, night.clock.at)
    assert made is not None
    whole = made.whole
    assert whole.at is not None
    assert night.clock.at < whole.at < night.clock.at + timedelta(hours=2)
