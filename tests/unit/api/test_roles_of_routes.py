"""Every address asks for a role, by the one table; and none changes what was recorded."""

import json

import azure.functions as func
import pytest

from shared.api.routes import ACTION_GROUPS, ROUTES, Access, Route
from shared.app import DrainApp
from shared.core.access.roles import Role
from tests.support.callers.principals import headers_of
from tests.unit.settings.test_settings import GOOD

APP = DrainApp(GOOD | {"HTTP_AUTH": "appService", "WEBSITE_AUTH_ENABLED": "True"})
KEYS = DrainApp(GOOD)
POOL = (
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg"
    "/providers/Microsoft.DesktopVirtualization/hostPools/hp-one"
)
KEYED = [route for route in ROUTES if route.access is not Access.ANYBODY]
ASKING = [route for route in KEYED if route.access.role is not None]


def called(route: Route, headers: dict[str, str]) -> func.HttpRequest:
    path = {"id": "x", "name": "x", "order": "x", "token": "x", "file": "x"}
    url = f"https://app.example/api/{route.path.format(**path)}"
    params = dict.fromkeys(route.needed, POOL)
    return func.HttpRequest(
        route.method, url, headers=headers, route_params=path, body=b"", params=params
    )


def lower_than(role: Role) -> list[Role]:
    return list(Role)[: list(Role).index(role)]


@pytest.mark.parametrize("route", ASKING, ids=lambda r: r.name)
async def test_without_the_role_of_an_address_nothing_is_done_and_the_role_is_named(
    route: Route,
) -> None:
    role = route.access.role
    assert role is not None
    for held in ["Other.Admin", *lower_than(role)]:
        came = await APP.http(route, called(route, headers_of(held)))
        error = json.loads(came.get_body())["error"]
        assert (came.status_code, error["code"], error["target"]) == (403, "RoleMissing", role)
        assert role in error["message"]


@pytest.mark.parametrize("route", KEYED, ids=lambda r: r.name)
async def test_nobody_comes_in_without_a_principal_where_app_service_lets_in(route: Route) -> None:
    for headers in (
        {},
        {"x-functions-key": "k"},
        {"x-ms-client-principal-id": "1"},
        {"x-ms-client-principal": "e30="},
    ):
        assert (await APP.http(route, called(route, headers))).status_code == 401


@pytest.mark.parametrize("route", KEYED, ids=lambda r: r.name)
def test_where_keys_are_the_floor_the_host_asks_for_one(route: Route) -> None:
    assert KEYS.auth_level(route) is func.AuthLevel.FUNCTION
    assert APP.auth_level(route) is func.AuthLevel.ANONYMOUS


def test_reading_asks_for_the_lowest_role_and_nothing_else_does_but_what_touches_nothing() -> None:
    for route in ASKING:
        reads = route.method == "GET" or route.name == "simulate_event"
        assert (route.access is Access.READ) is reads, route.name
    admins = {route.name for route in ROUTES if route.access is Access.ADMIN}
    assert admins == {"put_schedule", "remove_schedule", "test_receiver"}
    assert [route.name for route in ROUTES if route.access is Access.CALLER] == ["show_caller"]


def test_action_groups_may_post_alerts_with_the_role_that_the_vendor_gives_them_and_no_more() -> (
    None
):
    assert [route.name for route in ROUTES if route.also] == ["hear_alert"]
    assert {route.also for route in ROUTES if route.also} == {ACTION_GROUPS}


def test_nothing_that_was_recorded_can_be_changed_over_the_api() -> None:
    """History, events, runs and reports are read; orders are given, and then stand. What can be replaced or
    removed is a schedule, which is what shall be; and a subscription ends, and stays on record."""
    changing = {(r.method, r.path) for r in ROUTES if r.method not in ("GET", "POST")}
    assert changing == {
        ("PUT", "schedules/{name}"),
        ("DELETE", "schedules/{name}"),
        ("DELETE", "subscriptions/{id}"),
    }
    for word in ("history", "events", "runs", "report", "claims", "result"):
        ends = {r.method for r in ROUTES if r.path.endswith(word)}
        assert ends == {"GET"}, word


async def test_the_caller_is_told_what_it_may() -> None:
    [me] = [route for route in ROUTES if route.name == "show_caller"]
    came = await APP.http(me, called(me, headers_of("Drain.Operate")))
    assert json.loads(came.get_body()) == {
        "name": "anna@contoso.example",
        "may": [{"role": "Drain.Read", "pools": None}, {"role": "Drain.Operate", "pools": None}],
    }
    came = await APP.http(me, called(me, headers_of()))
    assert json.loads(came.get_body())["may"] == []
