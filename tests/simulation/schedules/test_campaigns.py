"""Campaigns, through nights in which the app dies."""

import json

import pytest

from shared.api.handlers.schedules import campaigns as handlers
from shared.api.http.web import Request
from shared.core.host.orders import Order
from shared.core.host.status import Status
from shared.engine.schedules import campaigning
from shared.errors import ANY, RefusalKind, RequestRefusedError
from tests.support.callers.callers import ANNA
from tests.support.night.night import Killer, Night
from tests.support.night.nightly import body, campaign_of, started, until_campaign_over


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
    await campaigning.order(outside, id_, ANY, "pause", Order("anna", night.clock.now()))
    for _ in range(60):
        await night.pass_time()
    assert (await campaign_of(night)).status is Status.RUNNING
    assert all("host-0" in line["host"] for line in night.happened("drain mode on"))
    await campaigning.order(outside, id_, ANY, "resume", Order("anna", night.clock.now()))
    assert (await until_campaign_over(night)).status is Status.SUCCEEDED


async def test_a_cancel_ends_its_drains_and_begins_no_other() -> None:
    night = Night(hosts=3)
    await started(night, body(night))
    for _ in range(4):
        await night.pass_time()
    id_ = (await campaign_of(night)).id
    await campaigning.order(
        night.process.outside, id_, ANY, "cancel", Order("anna", night.clock.now())
    )
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


async def test_an_order_is_given_only_by_who_has_read_what_was_ordered_before() -> None:
    night = Night(hosts=3)
    outside = night.process.outside
    sent = Request(
        "POST", "https://app/api/", {}, {}, {}, json.dumps(body(night)).encode(), caller=ANNA
    )
    made = await handlers.start(outside, sent, "anna")
    assert isinstance(made.body, dict)
    path = {"id": made.body["id"], "order": "pause"}

    def order(what: str, **headers: str) -> Request:
        return Request("POST", "https://app/api/", headers, {}, path | {"order": what}, caller=ANNA)

    with pytest.raises(RequestRefusedError, match="send If-Match with the ETag of the campaign"):
        await handlers.order(outside, order("pause"), "anna")
    old = {"if-match": made.headers["ETag"]}
    await campaigning.step(outside, path["id"])  # its progress is no order
    paused = await handlers.order(outside, order("pause", **old), "anna")
    assert isinstance(paused.body, dict)
    pause = paused.body["paused"]
    assert (pause["by"], pause["stopClocks"]) == ("anna", True)
    with pytest.raises(RequestRefusedError) as refused:
        await handlers.order(outside, order("resume", **old), "ben")
    assert refused.value.kind is RefusalKind.CHANGED
    new = {"if-match": paused.headers["ETag"]}
    resumed = await handlers.order(outside, order("resume", **new), "ben")
    assert isinstance(resumed.body, dict)
    assert resumed.body["paused"] is None
    assert len({r.headers["ETag"] for r in (made, paused, resumed)}) == 3
