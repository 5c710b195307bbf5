"""Who is let in, and in whose name the app acts."""

import azure.functions as func

from shared.api.routes import NAMED
from shared.app import DrainApp
from tests.unit.settings.test_settings import GOOD

KEYS = GOOD
APP_SERVICE = KEYS | {"HTTP_AUTH": "appService", "WEBSITE_AUTH_ENABLED": "True"}


def a_request(url: str, headers: dict[str, str]) -> func.HttpRequest:
    return func.HttpRequest("GET", f"https://app.example/api/{url}", headers=headers, body=b"")


def test_with_keys_the_host_asks_for_one() -> None:
    route = NAMED["list_drains"]
    assert DrainApp(KEYS).auth_level(route) is func.AuthLevel.FUNCTION
    assert DrainApp(KEYS).auth_level(NAMED["read_description"]) is func.AuthLevel.ANONYMOUS
    assert DrainApp(APP_SERVICE).auth_level(route) is func.AuthLevel.ANONYMOUS


async def test_where_app_service_lets_callers_in_nobody_else_comes_in() -> None:
    app = DrainApp(APP_SERVICE)
    assert (await app.http(NAMED["list_drains"], a_request("drains", {}))).status_code == 401
    assert (
        await app.http(NAMED["openapi_description"], a_request("openapi.json", {}))
    ).status_code == 200


async def test_an_answer_has_the_address_that_was_called() -> None:
    named = {**KEYS, "WEBSITE_HOSTNAME": "app.example"}
    came = await DrainApp(named).http(NAMED["openapi_description"], a_request("openapi.json", {}))
    assert b'"https://app.example/api"' in came.get_body()
