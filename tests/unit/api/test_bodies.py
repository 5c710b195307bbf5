"""Requests that can't be right: refused whole, with every fault."""

import json
from typing import Any

import pytest

from shared.core.access.allowed import NOTHING
from shared.core.policy.policy import Policy
from shared.errors import RequestRefusedError
from shared.wire.bodies import read
from shared.wire.commands import read_asked
from shared.wire.derived import as_written
from shared.wire.orders import OrderBody
from shared.wire.start import StartBody
from tests.support.builders import POOL

GOOD: dict[str, Any] = {"hostPool": POOL.resource_id, "hosts": "all", "reason": "patches"}


def faults_of(body: object) -> dict[str, str]:
    with pytest.raises(RequestRefusedError) as refused:
        read(StartBody, body if isinstance(body, bytes) else json.dumps(body).encode())
    return {fault.target: fault.text for fault in refused.value.faults}


def test_a_request_that_says_only_what_it_must_gets_the_default_policy() -> None:
    assert read(StartBody, json.dumps(GOOD).encode()).policy_record() == Policy()


def test_a_policy_that_was_shown_can_be_sent_back_and_means_the_same() -> None:
    body = GOOD | {"policy": as_written(Policy())}
    assert read(StartBody, json.dumps(body).encode()).policy_record() == Policy()


def test_a_pool_may_be_named_by_its_parts() -> None:
    parts = {
        "subscriptionId": POOL.subscription,
        "resourceGroup": "RG-desktops",
        "name": "HP-Finance",
    }
    body = read(StartBody, json.dumps(GOOD | {"hostPool": parts}).encode())
    assert body.pool().key == POOL.key


def test_every_fault_is_named_at_once() -> None:
    faults = faults_of(
        {
            "hostPool": {"subscriptionId": "x", "resourceGroup": "", "name": "hp", "more": 1},
            "hosts": ["", 7],
            "allowPersonal": "perhaps",
            "policy": {"deadline": "1h", "maxUnavailable": "0%", "maintenance": {"kind": "nap"}},
            "polcy": {},
        }
    )
    assert set(faults) == {
        "hostPool.subscriptionId",
        "hostPool.resourceGroup",
        "hostPool.name",
        "hostPool.more",
        "hosts[0]",
        "hosts[1]",
        "reason",
        "allowPersonal",
        "policy.deadline",
        "policy.maxUnavailable",
        "policy.maintenance",
        "polcy",
    }


@pytest.mark.parametrize("body", [b"", b"  ", b"{", b"[]", b"1", b'"x"', b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(RequestRefusedError):
        read(StartBody, body)


def test_a_body_that_may_be_left_out_may_be_left_out() -> None:
    assert read(OrderBody, b"", optional=True).reason == ""


@pytest.mark.parametrize(
    ("policy", "target"),
    [
        ({"deadline": "PT0S"}, "policy.deadline"),
        ({"deadline": "-PT1H"}, "policy.deadline"),
        ({"maxUnavailable": 0}, "policy.maxUnavailable"),
        ({"maxUnavailable": True}, "policy.maxUnavailable"),
        ({"maxUnavailable": "101%"}, "policy.maxUnavailable"),
        ({"maxUnavailable": "²%"}, "policy.maxUnavailable"),
        ({"messages": [{"text": "{deadlin}"}]}, "policy.messages[0].text"),
        ({"messages": [{"text": "{host:>999999999}"}]}, "policy.messages[0].text"),
        ({"messages": [{"text": "{host.__class__}"}]}, "policy.messages[0].text"),
        ({"messages": [{"text": "{"}]}, "policy.messages[0].text"),
        ({"maintenance": {"kind": "none", "holdFor": "PT1H"}}, "policy.maintenance.holdFor"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(policy: dict[str, Any], target: str) -> None:
    assert set(faults_of(GOOD | {"policy": policy})) == {target}


@pytest.mark.parametrize("hosts", ["some", [], None, {"a": 1}, ["x" * 501]])
def test_hosts_are_all_or_a_list_of_names(hosts: object) -> None:
    assert all(target.startswith("hosts") for target in faults_of(GOOD | {"hosts": hosts}))


def test_what_is_wrong_with_the_policy_as_a_whole_is_named_with_the_rest() -> None:
    policy = {"atDeadline": "signOut", "deadline": "PT5M"}
    body = GOOD | {"policy": policy, "reason": ""}
    with pytest.raises(RequestRefusedError) as refused:
        read_asked(StartBody, json.dumps(body).encode(), NOTHING)
    assert {fault.target for fault in refused.value.faults} == {"reason", "policy.warnAtLeast"}


@pytest.mark.parametrize("name", ["hp}", "hp{x}", "hp?a=b", "hp#", "hp%2F", "h\n"])
def test_what_could_not_be_an_azure_name_is_refused_before_it_gets_into_an_address(
    name: str,
) -> None:
    parts = {"subscriptionId": "1" * 36, "resourceGroup": name, "name": f"{name}-pool"}
    with pytest.raises(RequestRefusedError) as told:
        read(StartBody, json.dumps({"hostPool": parts, "hosts": "all", "reason": "x"}).encode())
    assert {fault.target for fault in told.value.faults} == {
        "hostPool.resourceGroup", "hostPool.name",
    }  # fmt: skip


def told(**policy: Any) -> dict[str, str]:
    """What is wrong with a request with this policy, by its place."""
    pool = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.DesktopVirtualization"
    body = {"hostPool": f"{pool}/hostPools/hp1", "hosts": "all", "reason": "r", "policy": policy}
    with pytest.raises(RequestRefusedError) as refused:
        read_asked(StartBody, json.dumps(body).encode(), NOTHING)
    return {fault.target: fault.text for fault in refused.value.faults}


def test_a_field_of_a_policy_that_is_wrong_by_itself_hides_no_other_fault() -> None:
    script = {"kind": "runCommand", "command": "nope"}
    found = told(
        maxUnavailable="x",
        timeZone="Mars",
        maintenance=script,
        window={"starts": "25:00", "ends": "03:00"},
    )
    assert found.keys() == {
        "policy.maxUnavailable", "policy.timeZone", "policy.maintenance.command", "policy.window.starts",
    }  # fmt: skip


def test_no_fault_is_told_that_comes_of_leaving_out_another() -> None:
    """The usual deadline, which stands for the one that cannot be read, would be too short for it."""
    found = told(deadline="soon", warnAtLeast="PT3H", atDeadline="signOut")
    assert found.keys() == {"policy.deadline"}


def test_a_text_or_a_list_of_another_length_says_which() -> None:
    found = told(messages=[{"text": ""}, {"text": "x" * 5000}])
    assert found == {
        "policy.messages[0].text": "policy.messages[0].text: at least 1 characters",
        "policy.messages[1].text": "policy.messages[1].text: at most 4096 characters",
    }
