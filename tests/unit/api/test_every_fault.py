"""A request with several faults, whatever it is for: each is named, with its place."""

import json
from typing import Any

import pytest

from shared.core.access.allowed import NOTHING
from shared.errors import RequestRefusedError
from shared.wire.campaigns import CampaignBody
from shared.wire.commands import read_asked
from shared.wire.derived import Body
from shared.wire.orders import OrderBody
from shared.wire.schedules import ScheduleBody
from shared.wire.start import StartBody
from shared.wire.subscriptions import SubscribeBody
from tests.support.builders import POOL

BAD: dict[str, Any] = {
    "reason": "r",
    "hosts": "all",
    "policy": {"timeZone": "Mars", "batches": ["0%"]},
}
"""A drain without a pool, whose policy is wrong as a whole and in a field."""
OF_BAD = ("hostPool", "policy.timeZone", "policy.batches[0]")


def told(kind: type[Body], body: Any) -> list[tuple[str, str]]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(RequestRefusedError) as refused:
        read_asked(kind, raw, NOTHING)
    return [(fault.target, fault.text) for fault in refused.value.faults]


def of_policy(**policy: Any) -> set[str]:
    body = {"hostPool": POOL.resource_id, "hosts": "all", "reason": "r", "policy": policy}
    return {target.removeprefix("policy.") for target, _ in told(StartBody, body)}


@pytest.mark.parametrize(
    ("kind", "body", "place", "besides"),
    [
        (StartBody, BAD, "", set()),
        (SubscribeBody, {"start": BAD}, "start.", {"callbackUrl"}),
        (CampaignBody, {"waves": [{"name": "a", "drains": [BAD]}]}, "waves[0].drains[0].", {"reason"}),
        (ScheduleBody, {"cron": "x", "drain": BAD}, "drain.", {"cron"}),
        (
            ScheduleBody,
            {"cron": "x", "campaign": {"reason": "r", "waves": [{"name": "a", "drains": [BAD]}]}},
            "campaign.waves[0].drains[0].",
            {"cron"},
        ),
    ],
)  # fmt: skip
def test_whatever_starts_drains_a_wrong_field_hides_nothing_of_their_policies(
    kind: type[Body], body: Any, place: str, besides: set[str]
) -> None:
    assert {target for target, _ in told(kind, body)} == {f"{place}{t}" for t in OF_BAD} | besides


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        (SubscribeBody, {"callbackUrl": ""}, "either 'drain', the id of one that is there, or 'start'"),
        (ScheduleBody, {"cron": "x"}, "either 'drain' or 'campaign'"),
        (
            CampaignBody,
            {"reason": "", "waves": [{"name": "a", "drains": [BAD]}, {"name": "a", "drains": []}]},
            "two waves 'a'",
        ),
    ],
)  # fmt: skip
def test_a_rule_between_fields_is_told_with_the_fields_that_are_wrong(
    kind: type[Body], body: Any, text: str
) -> None:
    found = told(kind, body)
    assert ("", text) in found
    assert len(found) > 1


def test_both_times_of_a_window_are_told_and_what_else_is_wrong_in_it() -> None:
    window = {"starts": "25:00", "ends": "5", "timeZone": "Mars", "carryFor": "x", "more": 1}
    assert of_policy(window=window) == {f"window.{name}" for name in window}


def test_an_item_that_is_wrong_hides_no_other_and_moves_none() -> None:
    conditions = [{"kind": "nope"}, {"kind": "poolTag", "name": "x"}, {"kind": "poolTag"}]
    messages = ["x", {}, {"beforeDeadline": "PT9H"}]
    found = of_policy(conditions=conditions, messages=messages, protectedUsers=[5, " "])
    assert found == {
        "conditions[0]", "conditions[2]", "messages[0]", "messages[2].beforeDeadline",
        "protectedUsers[0]", "protectedUsers[1]",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "only"),
    [
        ({"window": {"starts": 5, "ends": "05:00", "hostTakes": "PT8H"}}, "window.starts"),
        ({"window": {"starts": "22:00", "ends": "23:00", "hostTakes": "x"}}, "window.hostTakes"),
        ({"maintenance": {"kind": "runCommand", "command": 5, "parameters": {"a": "b"}}}, "maintenance.command"),
        ({"maintenance": {"kind": "webhook", "url": 5}}, "maintenance.url"),
        ({"atDeadline": "signOut", "messages": ["x"]}, "messages[0]"),
        ({"deadline": "x", "messages": [{"beforeDeadline": "PT3H"}]}, "deadline"),
    ],
)  # fmt: skip
def test_what_may_only_come_of_leaving_out_a_wrong_field_is_not_told(
    policy: dict[str, Any], only: str
) -> None:
    assert of_policy(**policy) == {only}


@pytest.mark.parametrize("hosts", ["avd-1", "All"])
def test_a_name_that_is_no_list_is_told_how_names_are_given(hosts: str) -> None:
    """PowerShell makes a text of a list of one."""
    body = {"hostPool": POOL.resource_id, "hosts": hosts, "reason": "r"}
    text = 'hosts: "all", or names as a list, such as ["avd-1"]'
    assert told(StartBody, body) == [("hosts", text)]


def test_a_time_that_is_none_is_not_said_to_be_a_duration() -> None:
    body = {
        "hostPool": POOL.resource_id,
        "hosts": "all",
        "reason": "r",
        "policy": {"deadlineAt": "2026-02-29T00:00:00Z"},
    }
    assert told(StartBody, body) == [
        ("policy.deadlineAt", "policy.deadlineAt: a time such as 2026-11-01T00:00:00Z")
    ]


def test_a_key_that_stands_twice_is_told_with_its_place_and_with_all_else() -> None:
    body = b'{"hosts": [{"a": 1, "a": 2}], "policy": {"timeZone": "Mars", "timeZone": "Moon"}}'
    found = told(StartBody, body)
    assert ("hosts[0].a", "hosts[0].a: is there twice") in found
    assert ("policy.timeZone", "policy.timeZone: is there twice") in found
    assert {"hostPool", "reason"} <= {target for target, _ in found}


def test_what_is_no_json_says_where_and_repeats_nothing_of_it() -> None:
    [(_, text)] = told(OrderBody, b'{"reason": "r",\n "hosts" "secret"}')
    assert text == "the body is not JSON (line 2, column 10): Expecting ':' delimiter"


@pytest.mark.parametrize("depth", [50, 900])
def test_what_is_nested_deep_is_refused_and_no_more(depth: int) -> None:
    inner = '{"campaign": ' * depth + "1" + "}" * depth
    assert told(
        ScheduleBody, f'{{"cron": "* * * * *", "campaign": {inner}, "policy": {inner}}}'.encode()
    )
