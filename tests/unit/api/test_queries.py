"""Nothing in a query is ignored."""

import json

import pytest

from shared.api.http import queries
from shared.api.routes import NAMED, ROUTES
from shared.errors import RequestRefusedError
from shared.wire.bodies import read
from shared.wire.orders import OrderBody
from shared.wire.start import StartBody

BASE = "https://app.example/api/x?"
POOL = (
    "hostPool=/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers"
    "/Microsoft.DesktopVirtualization/hostPools/hp-one"
)


def told(name: str, query: str) -> list[str]:
    route = NAMED[name]
    return [fault.code for fault in queries.faults(route.query, route.needed, BASE + query, {})]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("start_drain", "dryRun=1"),
        ("start_drain", "dryrun=true"),
        ("start_drain", "dryRun="),
        ("start_drain", "dryRun"),
        ("start_drain", "dryRun=true&dryRun=true"),
        ("list_drains", "hostpool=x"),
        ("list_drains", "hostPool="),
        ("list_drains", "$Top=5"),
        ("list_drains", "$top=0"),
        ("list_drains", f"$top={'9' * 5000}"),
        ("list_drains", f"$skipToken={'9' * 5000}"),
        ("list_drains", "$skipToken=%00%ff"),
        ("list_drains", "status=gone"),
        ("list_overdue", f"{POOL}&since=0001-01-01T00:00:00%2B14:00"),
        ("list_overdue", f"{POOL}&since=9999-12-31T23:59:59-12:00"),
        ("list_overdue", "since=P7D"),
        ("show_report", "at=yesterday"),
        ("show_report", "format=pdf"),
        ("read_description", "x=1"),
        ("openapi_description", "api-version="),
        ("hear_webhook", "dryRun=true"),
    ],
)
def test_what_a_query_says_in_vain_is_a_fault(name: str, query: str) -> None:
    assert len(told(name, query)) == 1


def test_every_fault_is_named() -> None:
    found = told("start_drain", "dryRun=1&x=2&api-version=1&api-version=2")
    assert found == ["InvalidValue", "UnknownParameter", "RepeatedParameter"]


def test_the_runtimes_own_parameters_are_known_everywhere() -> None:
    assert told("show_drain", "code=a&clientId=b&api-version=2026-11-01") == []
    assert told("start_drain", "dryRun=true&code=a") == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"reason": "a", "reason": "b"}',
        b'{"reason": NaN}',
        b'{"reason": "\\ud800"}',
        b'{"reason": "\xff"}',
        '{"reason": "a"}'.encode("utf-16"),
        b"[" * 100_000,
        b'{"reason": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_that_could_be_read_in_two_ways_or_none_is_refused(body: bytes) -> None:
    with pytest.raises(RequestRefusedError):
        read(OrderBody, body)


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read(OrderBody, b'\xef\xbb\xbf{"reason": "a"}').reason == "a"


@pytest.mark.parametrize(
    "hosts", [{"names": None}, {"tags": []}, {"statuses": []}, {"exclude": {}}, {"exclude": {"names": []}}]
)  # fmt: skip
def test_a_selection_of_lists_that_came_out_empty_is_not_all_hosts(hosts: object) -> None:
    body = {"hostPool": POOL.removeprefix("hostPool="), "hosts": hosts, "reason": "a"}
    with pytest.raises(RequestRefusedError, match="selects nothing"):
        read(StartBody, json.dumps(body).encode())


def test_a_selection_that_selects_nothing_is_refused() -> None:
    with pytest.raises(RequestRefusedError) as refused:
        read(StartBody, b'{"hostPool": "x", "hosts": {}, "reason": "a"}')
    assert "hosts" in {fault.target for fault in refused.value.faults}


def test_every_parameter_that_an_address_takes_is_checked_before_its_handler_reads_it() -> None:
    taken = {name for route in ROUTES for name in route.query}
    assert taken <= queries._CHECKS.keys()


def test_a_handler_reads_the_value_that_was_checked_whatever_the_runtime_made_of_it() -> None:
    url, params = f"{BASE}status=Running&code=k", {"status": "another", "code": "k"}
    assert list(queries.faults(["status"], [], url, params)) == []
    assert queries.values_of(url, params) == {"status": "Running", "code": "k"}
