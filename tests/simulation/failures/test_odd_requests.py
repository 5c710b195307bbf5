"""Whatever is sent to whichever address, the answer says what is wrong with it: never a server's fault,
and nothing passed over in silence."""

import copy
import json
from typing import Any

import pytest

from shared.api.http import queries
from shared.api.http.responding import response_of
from shared.api.http.web import Request, Response
from shared.api.routes import NAMED, ROUTES, Route
from shared.core.host.orders import Order
from shared.core.maintenance.hold import Hold
from shared.core.policy.policy import Policy
from shared.engine.drains import orders
from shared.errors import ANY
from tests.support.callers.callers import ANNA
from tests.support.night.night import EVENING, Night
from tests.support.night.nightly import body as campaign_body, request as start_body

HELD = Policy(maintenance=Hold())
BASE = "https://app.example/api/"
ODD: dict[str, Any] = {
    "true in a string": "true",
    "one": 1,
    "null": None,
    "an object": {},
    "a list": [],
    "nothing": "",
    "a blank": " ",
    "a number in a string": "2",
    "a float": 1.5,
    "a huge number": 10**400,
    "a negative number": -1,
    "a lone surrogate": "\ud800",
    "a NUL": "a\x00b",
    "5,000 characters": "x" * 5000,
    "deep": json.loads("[" * 200 + "]" * 200),
    "year 1": "0001-01-01T00:00:00+14:00",
    "year 9999": "9999-12-31T23:59:59-12:00",
    "a negative duration": "-PT5M",
    "a year": "P1Y",
    "an endless duration": "P99999999999999D",
    "true": True,
    "a list of nulls": [None],
    "an unknown object": {"x": 1},
}
MISNAMED = ("unknownField", "Reason", "reason ", "")
IDS = (
    "%2F", "..", "../..", "a/b", "\x00", "x" * 2000, "ÄÖ\u202e", "\ud800", "", " ", "a'b", "a\\b", "?", "#",
    "campaign-\x00", f"campaign-{'x' * 2000}", "hp-one-0123456789-0123456789\n",
    "A-0123456789-0123456789", "-0123456789-0123456789", "null",
)  # fmt: skip


async def send(
    night: Night, name: str, sent: bytes = b"", path: dict[str, str] | None = None, **query: str
) -> Response:
    headers = {} if name == "put_schedule" else {"if-match": "*"}
    request = Request("POST", BASE, headers, query, path or {}, sent, caller=ANNA)
    return await response_of(NAMED[name].handler, night.process.outside, request, "anna")


def bodies(night: Night) -> dict[str, tuple[str, dict[str, str], dict[str, Any]]]:
    """Requests that are right, by a name: handler, path, body with every field of the outer kind."""
    start = start_body(night, "host-0")
    order = {"reason": "r"}
    path = {"id": "DRAIN"}
    schedule = {"cron": "30 22 * * *", "timeZone": "UTC", "drain": start, "lateWithin": "PT2H"}
    callback = "https://hooks.example/x"
    return {
        "start": ("start_drain", {}, start | {"allowPersonal": True}),
        "selection": ("start_drain", {}, start | {"hosts": {"names": ["host-0"], "atMost": 1}}),
        "campaign": ("start_campaign", {}, campaign_body(night)),
        "schedule": ("put_schedule", {"name": "nightly"}, schedule),
        "subscribe": ("subscribe", {}, {"callbackUrl": callback, "start": start, "events": "end"}),
        "unsubscribe": ("unsubscribe_callback", {}, {"callbackUrl": callback, "reason": "r"}),
        "answer": ("hear_webhook", path | {"token": "x"}, {"status": "Failed", "message": "m"}),
        "cancel": ("order_drain", path | {"order": "cancel"}, order),
        "release": ("order_drain", path | {"order": "release"}, order | {"hosts": ["host-1"]}),
        "extend": (
            "order_drain",
            path | {"order": "extend"},
            order | {"by": "PT1H", "hosts": "all"},
        ),
        "skip": ("order_drain", path | {"order": "skip"}, order | {"hosts": ["host-1"]}),
        "add": ("order_drain", path | {"order": "add"}, order | {"hosts": ["host-1"]}),
        "pause": ("order_drain", path | {"order": "pause"}, order | {"stopClocks": True}),
        "resume": ("order_drain", path | {"order": "resume"}, order),
    }


def places(value: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a body."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [here, *(place for key, each in inner for place in places(each, (*here, key)))]


def put(value: Any, place: tuple[str | int, ...], odd: Any) -> Any:
    if not place:
        return odd
    whole: Any = copy.deepcopy(value)
    at: Any = whole
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = odd
    return whole


NAMES = (
    "start", "selection", "campaign", "schedule", "subscribe", "unsubscribe", "answer", "cancel",
    "release", "extend", "skip", "add", "pause", "resume",
)  # fmt: skip


TEXTS = frozenset(
    {
        "true in a string", "a blank", "a number in a string", "a NUL", "year 1", "year 9999",
        "a negative duration", "a year", "an endless duration",
    }
)  # fmt: skip
AS_GOOD: dict[str, frozenset[str]] = {
    "reason": TEXTS,
    "message": TEXTS | {"nothing"},
    "name": TEXTS,
    "policy": frozenset({"an object"}),
    "maintenance": frozenset({"an object"}),
    "maxUnavailable": frozenset({"one", "a number in a string"}),
    "sideBySide": frozenset({"one", "null"}),
    "atMost": frozenset({"one", "null"}),
    "names": frozenset({"null"}),
    "allowPersonal": frozenset({"true"}),
    "stopClocks": frozenset({"true"}),
    "by": frozenset(),
}
"""Odd values that are right where they stand, by the field."""
ORDERS = frozenset({"unsubscribe", "cancel", "release", "extend", "skip", "add", "pause", "resume"})
WITHOUT_A_BODY = frozenset({"cancel", "release", "pause", "resume"})


def as_good(name: str, place: tuple[str | int, ...], what: str) -> bool:
    """Whether an odd value is none in this place of this request."""
    if not place:
        return what == "an object" and name in WITHOUT_A_BODY
    if place[-1] == "reason" and name in ORDERS and what == "nothing":
        return True
    return what in AS_GOOD.get(str(place[-1]), ())


def telling(text: str) -> str:
    """All that an error body, or a plan, says is wrong."""
    told = json.loads(text)
    error = told.get("error", {})
    parts = [error, *error.get("details", ())]
    found = [f"{part.get('target', '')} {part.get('message', '')}" for part in parts]
    drains = [*told.get("drains", ()), *(d for w in told.get("waves", ()) for d in w["drains"])]
    found += [f"hosts {refused}" for drain in drains for refused in drain.get("refused", ())]
    return " ".join(found)


async def before(night: Night, name: str, drain: str) -> None:
    """The drain is as the order needs it."""
    other = {"pause": "resume", "resume": "pause"}.get(name)
    if other is not None:
        await send(night, "order_drain", b"", {"id": drain, "order": other})


@pytest.mark.parametrize("name", NAMES)
async def test_an_odd_value_is_refused_and_its_field_is_named(name: str) -> None:
    night = Night(hosts=2)
    drain = (await night.start(HELD, hosts=("host-1",))).id
    handler, path, right = bodies(night)[name]
    path = {key: drain if value == "DRAIN" else value for key, value in path.items()}
    query = (
        {"dryRun": "true"} if handler in ("start_drain", "start_campaign", "put_schedule") else {}
    )
    for place in places(right):
        for what, odd in ODD.items():
            good = as_good(name, place, what)
            if good and name in ("cancel", "release", "subscribe"):
                continue  # it would be done, and the next one found it so
            await before(night, name, drain)
            response = await send(
                night, handler, json.dumps(put(right, place, odd)).encode(), path, **query
            )
            told = telling(response.text)
            where = (place, what, response.status, response.text[:300])
            if good:
                assert response.status != 400, where
                continue
            assert response.status in (400, 404, 409) or "hosts " in told, where
            fields = [str(part) for part in place if isinstance(part, str)]
            whole = "MalformedBody" in response.text or not fields
            assert whole or any(field in told for field in fields), where


def fair(response: Response, what: str) -> None:
    assert response.status < 500, f"{what}: {response.text}"
    assert "InternalError" not in response.text, what
    if response.status == 400:
        assert json.loads(response.text)["error"]["message"], what


@pytest.mark.parametrize("name", NAMES)
async def test_no_odd_value_in_any_place_of_a_body_is_a_servers_fault(name: str) -> None:
    night = Night(hosts=2)
    drain = (await night.start(HELD)).id
    handler, path, right = bodies(night)[name]
    path = {key: drain if value == "DRAIN" else value for key, value in path.items()}
    query = (
        {"dryRun": "true"} if handler in ("start_drain", "start_campaign", "put_schedule") else {}
    )
    for place in places(right):
        for what, odd in ODD.items():
            sent = json.dumps(put(right, place, odd)).encode()
            fair(await send(night, handler, sent, path, **query), f"{place}: {what}")


@pytest.mark.parametrize("name", NAMES)
async def test_a_field_that_nobody_knows_or_that_is_there_twice_is_named(name: str) -> None:
    night = Night(hosts=2)
    drain = (await night.start(HELD)).id
    handler, path, right = bodies(night)[name]
    path = {key: drain if value == "DRAIN" else value for key, value in path.items()}
    if name == "resume":
        await orders.pause(night.process.outside, drain, ANY, True, Order("anna", EVENING))
    for field in MISNAMED:
        response = await send(night, handler, json.dumps(right | {field: 1}).encode(), path)
        assert response.status == 400, (field, response.text)
        assert "UnknownField" in response.text, (field, response.text)
    twice = json.dumps(right)[:-1] + ", " + json.dumps(right)[1:]
    response = await send(night, handler, twice.encode(), path)
    assert response.status == 400
    assert "RepeatedField" in response.text


OF_ID = (
    ("show_drain", "id"), ("drain_history", "id"), ("drain_result", "id"), ("drain_operation", "id"), ("order_drain", "id"),
    ("hear_webhook", "id"), ("show_campaign", "id"), ("order_campaign", "id"), ("show_schedule", "name"),
    ("put_schedule", "name"), ("run_schedule", "name"), ("remove_schedule", "name"),
    ("list_runs", "name"), ("show_report", "name"), ("show_subscription", "id"), ("unsubscribe", "id"),
)  # fmt: skip


@pytest.mark.parametrize(("handler", "field"), OF_ID)
async def test_an_odd_id_is_not_found(handler: str, field: str) -> None:
    night = Night(hosts=1)
    sent = {
        "hear_webhook": b'{"status": "Failed"}',
        "put_schedule": json.dumps(bodies(night)["schedule"][2]).encode(),
    }.get(handler, b"")
    for id_ in IDS:
        path = {field: id_, "order": "cancel", "token": id_}
        response = await send(night, handler, sent, path)
        if handler == "put_schedule" and id_ == "null":
            assert response.status == 201  # a name like any other
        else:
            assert response.status in (400, 404), (id_, response.text)


@pytest.mark.parametrize("handler", ["order_drain", "order_campaign"])
async def test_an_odd_order_is_unknown(handler: str) -> None:
    night = Night(hosts=1)
    drain = (await night.start(HELD)).id
    for what in IDS:
        response = await send(night, handler, b"", {"id": drain, "order": what})
        assert (response.status, "UnknownOrder" in response.text) == (404, True)


@pytest.mark.parametrize("route", [r for r in ROUTES if r.query], ids=lambda r: r.name)
def test_an_odd_value_of_a_query_is_a_fault_or_a_value(route: Route) -> None:
    for name in route.query:
        for odd in ("1", "null", "{}", "%00", "%ED%A0%80", "x" * 5000, "-PT5M", "P1Y", "9" * 400):
            found = queries.faults(route.query, route.needed, f"{BASE}x?{name}={odd}", {})
            assert all(fault.text for fault in found), (name, odd)
            if name in ("dryRun", "status", "hostPool", "format"):
                assert found, (name, odd)


async def test_an_order_is_recorded_once_for_all_odd_ones_that_were_refused() -> None:
    night = Night(hosts=1)
    drain = await night.start(HELD)
    for odd in ODD.values():
        if odd not in ("all", {}):
            await send(
                night,
                "order_drain",
                json.dumps({"hosts": odd}).encode(),
                {"id": drain.id, "order": "skip"},
            )
    assert (await night.drain(drain.id)).control == drain.control
    await orders.cancel(night.process.outside, drain.id, ANY, Order("anna", EVENING))
