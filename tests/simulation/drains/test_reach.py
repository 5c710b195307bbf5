"""Callers whose role is for some host pools: at every address that needs one, nothing of another pool is
shown, and nothing is done to it. The addresses are those of the one table."""

import json
from dataclasses import replace
from typing import Any

import pytest

from shared.api.http.admission import admitting
from shared.api.http.callers import Caller
from shared.api.http.responding import response_of
from shared.api.http.web import Request, Response
from shared.api.routes import NAMED, ROUTES, Access
from shared.core.access.roles import EVERYWHERE, Grant, Reach, Role
from shared.core.drain.subscriptions import Events
from shared.core.host.orders import Order
from shared.core.maintenance.hold import Hold
from shared.core.policy.policy import Policy
from shared.core.schedules.schedules import Run, RunState
from shared.engine.drains import subscribing
from tests.simulation.events.test_odd_events import ALERT, EVENT
from tests.support.night.night import EVENING, Night
from tests.support.night.nightly import (
    body as campaign_body,
    request as start_body,
    scheduled,
    started,
)

BASE = "https://app.example/api/"
CALLBACK = "https://hooks.example/x"
KEYED = {route.name for route in ROUTES if route.access.role is not None}
LISTS = {"list_drains", "list_claims", "list_campaigns", "list_schedules"}
"""They leave out what lies beyond."""
OF_NO_POOL = {
    "list_events", "simulate_event", "hear_alert", "list_notifications", "test_receiver",
}  # fmt: skip
"""They are about any pool: who is limited may not call them."""


def of_pools(*pools: str) -> Caller:
    reach = Reach(pools) if pools else EVERYWHERE
    return Caller("ben", "oid:ben", grants=(Grant(frozenset({"ben"}), Role.ADMIN, reach),))


OTHERS = of_pools("hp-other", "*/hostPools/hp-people")
MINE = of_pools("HP-one")


async def estate() -> tuple[Night, dict[str, dict[str, str]], dict[str, Any]]:
    """A drain with a host out, its subscription, a campaign, a schedule with a run: all of pool hp-one. And for each
    address the path that leads to them, and the body."""
    night = Night(hosts=5)
    drain = await night.start(Policy(maintenance=Hold()), hosts=("host-4.contoso.example",))
    for _ in range(5):
        await night.pass_time()
    outside = night.process.outside
    order = Order("anna", EVENING)
    subscription, _ = await subscribing.subscribe(
        outside, drain.id, CALLBACK, Events.END, False, order
    )
    await started(night, campaign_body(night))
    [campaign] = (await outside.campaigns.list("", 5, None)).items
    await scheduled(night)
    run = Run("nightly", EVENING, RunState.ENDED, report={"schedule": "nightly"})
    await outside.runs.insert("nightly|x", run)
    of_drain, named = {"id": drain.id}, {"name": "nightly"}
    paths = {
        "order_drain": of_drain | {"order": "pause"},
        "show_subscription": {"id": subscription.id},
        "unsubscribe": {"id": subscription.id},
        "show_campaign": {"id": campaign.id},
        "order_campaign": {"id": campaign.id, "order": "pause"},
        **dict.fromkeys(
            (
                "show_drain",
                "drain_history",
                "drain_hosts",
                "drain_policy",
                "drain_availability",
                "drain_result",
                "drain_operation",
            ),
            of_drain,
        ),
        **dict.fromkeys(("put_schedule", "show_schedule", "run_schedule", "list_runs"), named),
        **dict.fromkeys(("show_report", "remove_schedule"), named),
    }
    schedule = {"cron": "30 22 * * *", "drain": start_body(night, "host-3")}
    bodies = {
        "start_drain": start_body(night, "host-3"),
        "subscribe": {"callbackUrl": CALLBACK, "drain": drain.id},
        "unsubscribe_callback": {"callbackUrl": CALLBACK},
        "start_campaign": campaign_body(night),
        "put_schedule": schedule,
        "simulate_event": EVENT,
        "hear_alert": ALERT,
        "test_receiver": {"receiver": "desk"},
    }
    return night, paths, bodies


async def send(
    night: Night, name: str, caller: Caller, path: dict[str, str], body: Any, **query: str
) -> Response:
    route = NAMED[name]
    sent = b"" if body is None else json.dumps(body).encode()
    headers = {"if-match": "*"}
    request = Request(route.method, BASE, headers, query, path, sent, caller=caller)
    handler = admitting(route.handler, route.access.role, route.also)
    return await response_of(handler, night.process.outside, request, caller.name)


def query_of(night: Night, name: str) -> dict[str, str]:
    return {"hostPool": night.pool.id} if name in ("list_overdue", "doctor") else {}


@pytest.mark.parametrize("name", sorted(KEYED))
async def test_of_another_pool_nothing_is_shown_and_nothing_done(name: str) -> None:
    night, paths, bodies = await estate()
    before = [table.everything() for table in night.tables]
    query = query_of(night, name)
    came = await send(night, name, OTHERS, paths.get(name, {}), bodies.get(name), **query)
    if name in LISTS:
        assert (came.status, json.loads(came.text)["value"]) == (200, [])
    else:
        assert came.status == 403, came.text
        assert json.loads(came.text)["error"]["code"] == "HostPoolNotAllowed"
    assert "host-" not in came.text
    assert [table.everything() for table in night.tables] == before


@pytest.mark.parametrize("name", sorted(KEYED - OF_NO_POOL))
async def test_of_ones_own_pools_everything_is(name: str) -> None:
    night, paths, bodies = await estate()
    query = query_of(night, name)
    came = await send(night, name, MINE, paths.get(name, {}), bodies.get(name), **query)
    assert came.status < 300, came.text
    if name in LISTS:
        assert json.loads(came.text)["value"]


async def test_a_list_that_is_asked_for_another_pool_is_refused() -> None:
    night, *_ = await estate()
    for name in ("list_drains", "list_claims"):
        came = await send(night, name, OTHERS, {}, None, hostPool=night.pool.id)
        assert came.status == 403


@pytest.mark.parametrize("what", ["start_campaign", "put_schedule"])
async def test_one_pool_beyond_is_enough_to_refuse_the_whole(what: str) -> None:
    night, paths, _ = await estate()
    beyond = copy_to_other_pool(start_body(night, "host-0"))
    body: dict[str, Any] = {
        "reason": "r",
        "waves": [{"name": "w", "drains": [start_body(night, "host-3"), beyond]}],
    }
    if what == "put_schedule":
        body = {"cron": "30 22 * * *", "campaign": body}
    came = await send(night, what, MINE, paths.get(what, {}), body)
    assert (came.status, "hp-secret" in came.text) == (403, True), came.text


def copy_to_other_pool(body: dict[str, Any]) -> dict[str, Any]:
    return body | {"hostPool": body["hostPool"].replace("hp-one", "hp-secret")}


async def test_a_schedule_cannot_be_taken_over_by_writing_another_pool_into_it() -> None:
    night, paths, bodies = await estate()
    stolen = bodies["put_schedule"] | {"drain": copy_to_other_pool(start_body(night, "host-0"))}
    caller = of_pools("hp-secret")
    came = await send(night, "put_schedule", caller, paths["put_schedule"], stolen)
    assert came.status in (400, 403, 404), came.text
    [(kept, _)] = [await night.process.outside.schedules.get("nightly") or (None, "")]
    assert kept is not None
    assert "hp-one" in kept.request


async def test_who_is_limited_may_not_read_runs_of_a_schedule_that_is_gone() -> None:
    night, paths, _ = await estate()
    found = await night.process.outside.schedules.get("nightly")
    assert found is not None
    await night.process.outside.schedules.delete("nightly", found[1])
    for name in ("list_runs", "show_report"):
        assert (await send(night, name, MINE, paths[name], None)).status == 404
        everybody = of_pools()
        assert (await send(night, name, everybody, paths[name], None)).status == 200


async def test_a_schedule_that_cannot_be_read_is_beyond_whoever_is_limited() -> None:
    night, paths, _ = await estate()
    found = await night.process.outside.schedules.get("nightly")
    assert found is not None
    broken = replace(found[0], request='{"hostPool": "x"}')
    await night.process.outside.schedules.replace("nightly", broken, found[1])
    assert (await send(night, "show_schedule", MINE, paths["show_schedule"], None)).status == 403
    listed = await send(night, "list_schedules", MINE, {}, None)
    assert json.loads(listed.text)["value"] == []


def test_every_address_that_needs_a_role_is_tried_here() -> None:
    assert Access.CALLER not in {NAMED[name].access for name in KEYED}
    assert LISTS | OF_NO_POOL <= KEYED
