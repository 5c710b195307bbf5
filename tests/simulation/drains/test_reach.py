"""Callers whose role is for some host pools: at every address that needs one, nothing of another pool is
shown, and nothing is done to it. The addresses are those of the one table."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.adapters.storage.tables.table import END, Op
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
from shared.core.schedules.runs import run_key
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
BY_NAME = {
    "list_overdue", "doctor", "start_drain", "start_campaign",
}  # fmt: skip
"""Callers name the pool themselves, so that it is refused by its name, whether it is there or not."""
TAKEN = {"put_schedule"}
"""Names are everybody's: that one is taken is told, and of whom it is not."""


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
    pools = (night.pool.id,)
    run = Run("nightly", EVENING, RunState.ENDED, report={"schedule": "nightly"}, pools=pools)
    await outside.runs.insert(run_key("nightly", EVENING), run)
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
    if key := query.pop("key", ""):
        headers["idempotency-key"] = key
    request = Request(route.method, BASE, headers, query, path, sent, caller=caller)
    handler = admitting(route.handler, route.access.role, route.also)
    return await response_of(handler, night.process.outside, request, caller.name)


def code_of(came: Response) -> str:
    return str(json.loads(came.text)["error"]["code"])


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
    elif name in OF_NO_POOL | BY_NAME:
        assert came.status == 403, came.text
        assert json.loads(came.text)["error"]["code"] == "HostPoolNotAllowed"
    elif name in TAKEN:
        assert (came.status, code_of(came)) == (403, "HostPoolNotAllowed")
    else:
        assert came.status == 404, came.text
    assert "host-" not in came.text
    assert [table.everything() for table in night.tables] == before


@pytest.mark.parametrize("name", sorted(KEYED - LISTS - OF_NO_POOL - BY_NAME - TAKEN))
async def test_what_is_on_another_pool_is_answered_as_what_is_not_there(name: str) -> None:
    night, paths, bodies = await estate()
    path, body = paths.get(name, {}), bodies.get(name)
    beyond = await send(night, name, OTHERS, path, body)
    for table in night.tables:
        for partition, key in table.everything():
            table.put(partition, Op("delete", key))
    gone = await send(night, name, OTHERS, path, body)
    assert (beyond.status, beyond.text, beyond.headers) == (404, gone.text, gone.headers)


HIDDEN = {
    "show_drain", "drain_history", "order_drain", "show_campaign", "order_campaign", "show_schedule", "show_subscription",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HIDDEN))
async def test_what_cannot_be_read_is_not_there_for_whoever_is_limited(name: str) -> None:
    night, paths, bodies = await estate()
    for table in night.tables:
        for (partition, key), row in table.everything().items():
            if "_schema" in row.values or "schema" in row.values:
                table.put(partition, Op("upsert", key, {**row.values, "schema": 99}))
    came = await send(night, name, OTHERS, paths[name], bodies.get(name))
    assert came.status == 404, came.text
    assert (await send(night, name, of_pools(), paths[name], bodies.get(name))).status == 409


async def test_who_may_read_of_a_pool_and_no_more_is_told_that_their_role_is_for_others() -> None:
    night, paths, _ = await estate()
    reading = Grant(frozenset({"ben"}), Role.READ)
    caller = replace(OTHERS, grants=(*OTHERS.grants, reading))
    came = await send(night, "order_drain", caller, paths["order_drain"], None)
    assert (came.status, code_of(came)) == (403, "HostPoolNotAllowed")
    assert (await send(night, "show_drain", caller, paths["show_drain"], None)).status == 200


@pytest.mark.parametrize("there", [True, False])
async def test_whether_a_pool_beyond_is_there_makes_no_difference(there: bool) -> None:
    night, *_ = await estate()
    body = start_body(night, "host-3")
    if not there:
        body = copy_to_other_pool(body)
    caller = of_pools("hp-mine")
    came = await send(night, "start_drain", caller, {}, body)
    assert (came.status, code_of(came)) == (403, "HostPoolNotAllowed")
    campaign = {"reason": "r", "waves": [{"name": "w", "drains": [body]}]}
    came = await send(night, "start_campaign", caller, {}, campaign, dryRun="true")
    assert (came.status, code_of(came)) == (403, "HostPoolNotAllowed")


async def test_a_page_of_ones_own_drains_is_full_and_its_link_tells_of_no_other() -> None:
    night = Night(hosts=6)
    for number in range(2):
        assert (
            await send(night, "start_drain", MINE, {}, start_body(night, f"host-{number}"))
        ).status == 202
    index = night.tables[1]
    mine = index.peek("drains", "", END)
    secret = {
        **mine[0].values, "drain": "hp-secret-0000000000-0000000000",
        "hostPool": night.pool.id.replace("hp-one", "hp-secret"),
    }  # fmt: skip
    keys = [f"{row.key[:12]}|{at}-0000000000-0000000000" for row in mine for at in ("aaa", "zzz")]
    for key in keys:
        index.put("drains", Op("upsert", key, secret))
    first = await send(night, "list_drains", MINE, {}, None, **{"$top": "1"})
    told = json.loads(first.text)
    [token] = parse_qs(urlsplit(told["nextLink"]).query)["$skipToken"]
    assert "hp-one" in base64.urlsafe_b64decode(token).decode()
    second = await send(night, "list_drains", MINE, {}, None, **{"$top": "1", "$skipToken": token})
    rest = json.loads(second.text)
    assert [len(told["value"]), len(rest["value"]), "nextLink" in rest] == [1, 1, False]
    assert {each["id"] for each in (*told["value"], *rest["value"])} == {
        row.values["drain"] for row in mine
    }
    everybody = await send(night, "list_drains", of_pools(), {}, None)
    assert len(json.loads(everybody.text)["value"]) == 2 + len(set(keys))


async def test_runs_that_a_schedule_of_this_name_had_on_other_pools_are_not_shown() -> None:
    night, paths, bodies = await estate()
    outside = night.process.outside
    secret = Run(
        "nightly", EVENING + timedelta(minutes=1), RunState.ENDED, "hp-secret: done",
        report={"schedule": "nightly", "of": "hp-secret"}, pools=(copy_to_other_pool(bodies["start_drain"])["hostPool"],),
    )  # fmt: skip
    await outside.runs.insert(run_key("nightly", secret.at), secret)
    for name in ("list_runs", "show_schedule", "list_schedules", "show_report"):
        came = await send(night, name, MINE, paths.get(name, {}), None)
        assert "hp-secret" not in came.text, name
        came = await send(night, name, of_pools(), paths.get(name, {}), None)
        assert "hp-secret" in came.text, name
    at = secret.at.isoformat()
    assert (await send(night, "show_report", MINE, paths["show_report"], None, at=at)).status == 404


async def test_a_run_knows_the_pools_that_its_schedule_had() -> None:
    night, paths, _ = await estate()
    came = await send(night, "run_schedule", MINE, paths["run_schedule"], None)
    runs = await night.process.outside.runs.list("nightly|", 9, None)
    assert came.status == 202
    assert (night.pool.id,) in {run.pools for run in runs.items}


async def test_a_key_of_a_campaign_on_other_pools_is_free_for_whoever_may_not_know_of_it() -> None:
    night, *_ = await estate()
    everybody = of_pools()
    first = await send(night, "start_campaign", everybody, {}, campaign_body(night), key="k")
    another = {"reason": "mine", "waves": [{"name": "w", "drains": [start_body(night, "host-2")]}]}
    mine = await send(night, "start_campaign", MINE, {}, another, key="k")
    assert (first.status, mine.status) == (202, 202), mine.text
    again = await send(night, "start_campaign", MINE, {}, another, key="k")
    assert json.loads(again.text)["id"] == json.loads(mine.text)["id"]
    taken = await send(night, "start_campaign", everybody, {}, another, key="k")
    assert (taken.status, code_of(taken)) == (409, "IdempotencyKeyReused")


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
    assert (await send(night, "show_schedule", MINE, paths["show_schedule"], None)).status == 404
    listed = await send(night, "list_schedules", MINE, {}, None)
    assert json.loads(listed.text)["value"] == []


def test_every_address_that_needs_a_role_is_tried_here() -> None:
    assert Access.CALLER not in {NAMED[name].access for name in KEYED}
    assert LISTS | OF_NO_POOL <= KEYED
