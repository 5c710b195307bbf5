"""``function_app.py``: short, without rules, and right where indexing would not notice."""

import ast
import importlib
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.host.config import expand, read_host_json
from local.host.timers import next_time
from shared.api.description.operations import OPERATIONS
from shared.api.handlers.drains.orders import ORDERS
from shared.api.handlers.schedules.campaigns import ORDERS as OF_CAMPAIGNS
from shared.api.routes import ROUTES, Route
from shared.settings.azure import CALLS_QUEUE, WORK_QUEUE
from tests.support.builders import NOON

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def functions() -> Iterator[list[dict[str, Any]]]:
    """All functions as the host indexes them. They can be asked for once in a process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AzureWebJobsStorage", "UseDevelopmentStorage=true")
        for name in ("TICK", "WATCHDOG", "NIGHTLY"):
            patch.setenv(f"{name}_SCHEDULE", "0 * * * * *")
        app = importlib.import_module("function_app").app
        yield [{"name": f.get_function_name(), **json.loads(str(f))} for f in app.get_functions()]


@pytest.fixture(scope="module")
def bindings(functions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [binding for function in functions for binding in function["bindings"]]


def test_no_two_functions_answer_the_same_route(bindings: list[dict[str, Any]]) -> None:
    routes = [
        (method, b["route"])
        for b in bindings
        if b["type"] == "httpTrigger"
        for method in b["methods"]
    ]
    assert len(routes) == len(set(routes))


def test_the_routes_are_those_that_are_described(bindings: list[dict[str, Any]]) -> None:
    """One function serves all orders, and the description is not described."""
    routes = {
        (method, b["route"])
        for b in bindings
        if b["type"] == "httpTrigger"
        for method in b["methods"]
    }
    described = {(o.method, o.path) for o in OPERATIONS}
    orders = {("POST", f"drains/{{id}}/{name}") for name in ORDERS}
    orders |= {("POST", f"campaigns/{{id}}/{name}") for name in OF_CAMPAIGNS}
    shared_ = {("POST", "drains/{id}/{order}"), ("POST", "campaigns/{id}/{order}")}
    told = ("openapi.json", "swagger.json", "docs", "board", "board/{file}")
    pages = {("GET", name) for name in told}
    assert orders <= described
    assert routes - shared_ == (described - orders) | pages


def test_every_address_needs_a_key_but_the_description_and_the_one_that_is_a_secret_itself(
    bindings: list[dict[str, Any]],
) -> None:
    http = [b for b in bindings if b["type"] == "httpTrigger"]
    open_to_all = [b["route"] for b in http if b["authLevel"] != "FUNCTION"]
    assert sorted(open_to_all) == [
        "board",
        "board/{file}",
        "docs",
        "drains/{id}/answers/{token}",
        "openapi.json",
        "swagger.json",
    ]
    assert [o.path for o in OPERATIONS if not o.keyed] == ["drains/{id}/answers/{token}"]


def test_every_schedule_can_be_read_with_the_sample_settings(
    bindings: list[dict[str, Any]],
) -> None:
    values = json.loads((ROOT / "local.settings.sample.json").read_text(encoding="utf-8"))["Values"]
    timers = [b for b in bindings if b["type"] == "timerTrigger"]
    assert len(timers) == 3
    for timer in timers:
        assert next_time(expand(timer["schedule"], values), NOON) > NOON


def test_the_queue_that_is_sent_to_is_the_queue_that_is_read(
    bindings: list[dict[str, Any]],
) -> None:
    queues = [b["queueName"] for b in bindings if b["type"] == "queueTrigger"]
    names = [WORK_QUEUE, CALLS_QUEUE]
    assert sorted(queues) == sorted([*names, *(f"{name}-poison" for name in names)])


def test_a_setting_says_otherwise_than_host_json_as_in_the_real_host() -> None:
    settings = {"AzureFunctionsJobHost__extensions__queues__batchSize": "4", "LOOK_SOON": "PT1S"}
    told, otherwise = read_host_json(ROOT).queues, read_host_json(ROOT, settings).queues
    assert (told.batch_size, otherwise.batch_size) == (16, 4)
    assert told.visibility_timeout == otherwise.visibility_timeout


def test_host_json_hides_failed_messages_for_a_while_and_reads_what_the_app_writes() -> None:
    queues = read_host_json(ROOT).queues
    assert queues.visibility_timeout > 0
    assert queues.base64


def test_a_trigger_binds_and_decides_nothing() -> None:
    """Each function only awaits one method of the app, with what the trigger gave it; and what binds the
    routes asks nothing."""
    tree = ast.parse((ROOT / "function_app.py").read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)]
    assert len(functions) == 9
    for function in functions:
        [statement] = function.body
        assert isinstance(statement, ast.Return | ast.Expr)
        assert isinstance(statement.value, ast.Await)
    kinds = (ast.If, ast.While, ast.Try, ast.Match, ast.Compare)
    assert not any(isinstance(node, kinds) for node in ast.walk(tree))
    [_] = [node for node in ast.walk(tree) if isinstance(node, ast.For)]


def test_functions_have_the_names_that_azure_knows_them_by(functions: list[dict[str, Any]]) -> None:
    """Another name is another function to Azure: with metrics of its own, and switched on again."""
    assert {f["name"] for f in functions} == {
        "show_caller",
        "start_drain",
        "list_drains",
        "list_claims",
        "show_drain",
        "drain_hosts",
        "drain_policy",
        "drain_availability",
        "drain_history",
        "drain_result",
        "drain_operation",
        "order_drain",
        "hear_webhook",
        "subscribe",
        "unsubscribe_callback",
        "show_subscription",
        "unsubscribe",
        "doctor",
        "openapi_description",
        "swagger_description",
        "read_description",
        "show_board",
        "board_file",
        "list_events",
        "simulate_event",
        "hear_alert",
        "list_overdue",
        "start_campaign",
        "list_campaigns",
        "show_campaign",
        "order_campaign",
        "list_notifications",
        "test_receiver",
        "list_schedules",
        "put_schedule",
        "show_schedule",
        "remove_schedule",
        "run_schedule",
        "list_runs",
        "show_report",
        "hear_event",
        "find_due_drains",
        "watch_over_hosts",
        "run_schedules",
        "step_drain",
        "report_poisoned",
        "call_stranger",
        "report_poisoned_call",
    }


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_route_has_a_handler(route: Route) -> None:
    assert inspect.iscoroutinefunction(route.handler)
