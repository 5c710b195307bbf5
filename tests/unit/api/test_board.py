"""The board asks nobody but the app, and only what the app answers; no text of others becomes markup."""

import re
from collections.abc import Mapping
from typing import get_args, get_type_hints

import azure.functions as func
import pytest

from shared.api.board import FILES, FOLDER, PAGE
from shared.api.routes import NAMED, ROUTES, Access
from shared.app import DrainApp
from shared.core.maintenance import Maintenance
from shared.core.policy.policy import AtDeadline
from tests.unit.settings.test_settings import GOOD

SOURCES = {
    name: path.read_text(encoding="utf-8") for name, path in ({PAGE: FOLDER / PAGE} | FILES).items()
}
SCRIPTS = {name: text for name, text in SOURCES.items() if name.endswith(".js")}


async def answered(
    name: str, path: dict[str, str], settings: Mapping[str, str] = GOOD
) -> func.HttpResponse:
    url = "https://app.example/api/board"
    request = func.HttpRequest("GET", url, route_params=path, body=b"")
    return await DrainApp(settings).http(NAMED[name], request)


def test_the_board_names_no_other_host() -> None:
    for name, text in SOURCES.items():
        assert not re.search(r"\b(https?|wss?):|[\"'(]//|@import", text), name


def test_the_script_calls_only_what_is_a_route() -> None:
    """There is one place that calls, and it calls what stands in its table."""
    calls = set(re.findall(r'^  \w+: "([A-Z]+) (\S+)",$', SCRIPTS["api.js"], re.MULTILINE))
    assert len(calls) == 16
    assert calls <= {(route.method, route.path) for route in ROUTES}
    assert [name for name, text in SCRIPTS.items() if "fetch(" in text] == ["api.js"]
    assert SCRIPTS["api.js"].count("fetch(") == 1
    for word in ("XMLHttpRequest", "EventSource", "WebSocket", "sendBeacon", "import("):
        assert not any(word in text for text in SCRIPTS.values()), word


def test_the_script_asks_with_parameters_that_the_routes_take() -> None:
    asked = set(re.findall(r"query: \{ (\$?\w+):|(dryRun): ", "\n".join(SCRIPTS.values())))
    known = {each for route in ROUTES for each in route.query}
    assert {a or b for a, b in asked} <= known
    assert asked


def test_no_text_becomes_markup() -> None:
    for name, text in SCRIPTS.items():
        assert not re.search(r"(inner|outer)HTML|insertAdjacent|document\.write|eval\(|Function\(", text), name  # fmt: skip
        assert "style" not in text, f"{name}: the policy allows no style of an element"
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bon\w+=|\bstyle=", SOURCES[PAGE])


@pytest.mark.parametrize("name", [PAGE, *FILES])
async def test_a_file_is_served_to_anybody_and_may_load_only_from_the_app(name: str) -> None:
    came = await (
        answered("show_board", {}) if name == PAGE else answered("board_file", {"file": name})
    )
    assert (came.status_code, came.get_body().decode()) == (200, SOURCES[name])
    kind = {"html": "text/html", "css": "text/css", "js": "text/javascript"}[
        name.rsplit(".", maxsplit=1)[-1]
    ]
    assert came.headers["Content-Type"] == f"{kind}; charset=utf-8"
    policy = came.headers["Content-Security-Policy"]
    allowed = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert allowed["default-src"] == "'none'"
    assert {allowed[f"{what}-src"] for what in ("script", "style", "connect")} == {"'self'"}
    assert {allowed[what] for what in ("base-uri", "form-action", "frame-ancestors")} == {"'none'"}
    assert "unsafe" not in policy
    assert came.headers["X-Content-Type-Options"] == "nosniff"
    assert NAMED["show_board"].access is NAMED["board_file"].access is Access.ANYBODY


async def test_the_page_says_how_its_reader_signs_in() -> None:
    entra = {**GOOD, "HTTP_AUTH": "appService", "WEBSITE_AUTH_ENABLED": "true"}
    page = (await answered("show_board", {}, entra)).get_body().decode()
    assert page == SOURCES[PAGE].replace('data-signs-in="key"', 'data-signs-in="entra"')
    assert page != SOURCES[PAGE]


def test_what_the_page_offers_to_start_is_what_the_policy_knows() -> None:
    def offered(table: str) -> set[str]:
        [rows] = re.findall(rf"const {table} = \{{(.*?)\}};", SCRIPTS["start.js"], re.DOTALL)
        return set(re.findall(r"(\w+): \"", rows))

    assert offered("THEN") == offered("ENDS") == {each.value for each in AtDeadline}
    kinds = {get_args(get_type_hints(kind)["kind"])[0] for kind in get_args(Maintenance)}
    assert offered("MAINTENANCE") == {"none", "hold", "restart", "deallocate", "redeploy"}
    assert offered("MAINTENANCE") <= kinds, "the others need more than a name"


def test_the_page_about_the_board_names_what_is_on_it() -> None:
    page = (FOLDER.parents[2] / "docs" / "board.md").read_text(encoding="utf-8")
    parts = re.findall(r'<h2 id="[\w-]+-title">([\w ]+)</h2>', SOURCES[PAGE])
    assert len(parts) == 7
    for part in parts:
        assert part in page, part
    orders = re.findall(r'^  (\w+): \["', SCRIPTS["orders.js"], re.MULTILINE)
    assert len(orders) == 9
    for order in orders:
        assert f"`{order}`" in page, order


async def test_nothing_else_is_served_as_a_file_of_the_board() -> None:
    for name in ("__init__.py", "../routes.py", PAGE, ""):
        assert (await answered("board_file", {"file": name})).status_code == 404


def test_each_module_and_style_is_loaded_by_the_page_or_a_module_of_it() -> None:
    loaded = set(re.findall(r'"(?:board/|\./)([\w.]+)"', "\n".join(SOURCES.values())))
    assert loaded == set(FILES)
