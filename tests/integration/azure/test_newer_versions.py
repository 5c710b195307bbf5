"""Answers as a newer version of the API, or another server, might write them: what is meant is read, and what cannot be
read is not taken for nothing."""

from datetime import time
from typing import Any

import pytest

from shared.adapters.azure.arm.clients import ArmClients, NoCredential, StaticToken
from shared.adapters.azure.controlplane import AzureControlPlane
from shared.adapters.azure.machines import AzureMachines
from shared.adapters.azure.rights import AzureRights
from shared.core.observation.seen import AgentWindow, OperationState, PlanPhase
from shared.core.start.rights import Permission
from shared.errors import PassingError, RejectedError
from tests.integration.azure.test_foreign_bodies import POOL, VM, Service, a_host, clients, service

__all__ = ["clients", "service"]

DAYS = ["monday", "Tuesday"]


async def test_letter_case_of_the_services_words_does_not_matter(
    service: Service, clients: ArmClients
) -> None:
    check = {"healthCheckName": "FSLogixHealthCheck", "healthCheckResult": "healthcheckfailed"}
    odd = {
        "status": "AVAILABLE",
        "updateState": "started",
        "sessionHostHealthCheckResults": [check],
    }
    service.bodies = [{"value": [a_host(**odd)]}]
    [host] = await AzureControlPlane(clients).hosts(POOL)
    assert (host.status, host.update_state) == ("Available", "Started")
    assert host.failed_checks == ("FSLogixHealthCheck",)
    told = {"sessionState": "disconnected", "userPrincipalName": "kim@contoso.example "}
    service.bodies = [
        {"value": [{"id": f"{POOL.resource_id}/sessionHosts/a/userSessions/1", "properties": told}]}
    ]
    [session] = await AzureControlPlane(clients).sessions(POOL)
    assert (session.state, session.user) == ("Disconnected", "kim@contoso.example")


async def test_a_host_without_a_name_is_known_by_its_id(
    service: Service, clients: ArmClients
) -> None:
    item = {**a_host(None), "id": f"{POOL.resource_id}/sessionhosts/B.example"}
    service.bodies = [{"value": [item, a_host("hp/a.example ")]}]
    hosts = await AzureControlPlane(clients).hosts(POOL)
    assert [host.name for host in hosts] == ["B.example", "a.example"]


async def test_numbers_may_come_as_texts(service: Service, clients: ArmClients) -> None:
    update = {
        "type": "scheduled",
        "maintenanceWindows": [
            {"dayOfWeek": "sunday", "hour": "3"},
            {"dayOfWeek": "Monday", "hour": "x"},
        ],
    }
    service.bodies = [
        {"properties": {"maxSessionLimit": "12", "hostPoolType": "pooled", "agentUpdate": update}}
    ]
    pool = await AzureControlPlane(clients).pool(POOL)
    assert pool.max_session_limit == 12
    assert pool.agent_windows == (AgentWindow(6, 3, "UTC"),)


def a_plan(**properties: Any) -> dict[str, Any]:
    references = [{"hostPoolArmPath": POOL.resource_id, "scalingPlanEnabled": True}]
    schedule = {
        "daysOfWeek": DAYS,
        "rampUpStartTime": {"hour": "6", "minute": 30.0},
        "rampUpMinimumHostsPct": "50",
    }
    given = {"exclusionTag": "Excl", "hostPoolReferences": references, "schedules": [schedule]}
    return {"value": [{"name": "sp", "properties": given | properties}]}


async def test_a_plans_percentages_may_come_as_texts(service: Service, clients: ArmClients) -> None:
    service.bodies = [a_plan()]
    [plan] = await AzureControlPlane(clients).plans(POOL)
    assert plan.phases == (PlanPhase("ramp-up", frozenset({0, 1}), time(6, 30), 50, 100),)


@pytest.mark.parametrize(
    "schedules",
    [None, "x", 7, [None], [{"daysOfWeek": ["Someday"]}], [{"rampUpStartTime": "06:00"}], [{"rampUpStartTime": {"hour": 25}}],
     [{"rampUpStartTime": {"hour": 6}, "rampUpMinimumHostsPct": "half"}]],
)  # fmt: skip
async def test_a_plan_whose_schedules_cannot_be_read_is_there_and_its_floor_is_not_known(
    service: Service, clients: ArmClients, schedules: Any
) -> None:
    service.bodies = [a_plan(schedules=schedules)]
    [plan] = await AzureControlPlane(clients).plans(POOL)
    assert (plan.enabled, plan.phases) == (True, None)


@pytest.mark.parametrize(
    ("references", "enabled"),
    [
        (None, True),
        ([{"hostPoolArmPath": POOL.resource_id}], True),
        ([{"hostPoolArmPath": POOL.resource_id.upper(), "scalingPlanEnabled": "False"}], False),
        ([{"hostPoolArmPath": POOL.resource_id, "scalingPlanEnabled": False}], False),
    ],
)
async def test_a_plan_of_the_pool_is_enabled_unless_it_says_that_it_is_not(
    service: Service, clients: ArmClients, references: Any, enabled: bool
) -> None:
    service.bodies = [a_plan(hostPoolReferences=references)]
    [plan] = await AzureControlPlane(clients).plans(POOL)
    assert plan.enabled is enabled


async def test_an_exclusion_tag_that_is_no_text_is_not_taken_for_none(
    service: Service, clients: ArmClients
) -> None:
    service.bodies = [a_plan(exclusionTag=7)]
    with pytest.raises(PassingError):
        await AzureControlPlane(clients).plans(POOL)


@pytest.mark.parametrize(
    "told",
    [
        {"properties": None},
        {"properties": {"tags": None}},
        {"properties": {"tags": ["x"]}},
        {"error": {}},
    ],
)
async def test_tags_of_another_shape_are_not_taken_for_none(
    service: Service, clients: ArmClients, told: Any
) -> None:
    service.bodies = [told, {"properties": {}}]
    machines = AzureMachines(clients)
    with pytest.raises(PassingError):
        await machines.tags(VM)
    assert await machines.tags(VM) == {}


async def test_the_tags_of_a_vm_that_is_not_listed_are_not_known(
    service: Service, clients: ArmClients
) -> None:
    service.bodies = [{"value": [{"id": VM.upper()}, {"id": f"{VM}b", "tags": ["x"]}]}]
    asked = [VM, f"{VM}b", f"{VM}c", "/subscriptions/s/x/machines/arc"]
    assert await AzureMachines(clients).tags_of(asked) == {VM: {}}


async def test_an_operation_that_tells_only_an_error_has_failed(
    service: Service, clients: ArmClients
) -> None:
    service.bodies = [{"error": {"code": "X", "message": "no"}}, {"name": "a"}, ""]
    machines = AzureMachines(clients)
    found = [await machines.operation(POOL, f"{service.address}/o") for _ in range(3)]
    assert [each.state for each in found] == [
        OperationState.FAILED,
        OperationState.SUCCEEDED,
        OperationState.SUCCEEDED,
    ]
    assert "no" in found[0].text


@pytest.mark.parametrize(
    "role",
    [
        None,
        7,
        {},
        {"actions": None},
        {"actions": "x"},
        {"actions": [7]},
        {"actions": [], "notActions": "x"},
    ],
)
async def test_a_role_that_cannot_be_read_is_no_missing_right(
    service: Service, clients: ArmClients, role: Any
) -> None:
    service.bodies = [{"value": [{"actions": ["*"]}, role]}, {"value": [{"actions": ["*"]}]}]
    rights = AzureRights(clients)
    with pytest.raises(PassingError, match="a role"):
        await rights.permissions(POOL.resource_id)
    assert await rights.permissions(POOL.resource_id) == (Permission(("*",), ()),)


async def test_the_next_page_may_be_told_without_the_services_name(
    service: Service, clients: ArmClients
) -> None:
    service.bodies = [
        {"value": [a_host()], "nextLink": "/next?page=2"},
        {"value": [a_host("hp/b")]},
    ]
    assert len(await AzureControlPlane(clients).hosts(POOL)) == 2
    assert service.asked[1] == "GET /next?page=2"


async def test_pages_that_lead_in_a_circle_end_at_once(
    service: Service, clients: ArmClients
) -> None:
    """Each page costs a token of the bucket from which all pools of the subscription are read."""
    service.bodies = [{"value": [], "nextLink": f"{service.address}/{page}"} for page in "abab"]
    with pytest.raises(PassingError, match="lead back"):
        await AzureControlPlane(clients).hosts(POOL)
    assert len(service.asked) == 3


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("https://management.azure.com:443/x", True),
        ("HTTPS://Management.Azure.com/x", True),
        ("/x", True),
        ("https://management.azure.com:444/x", False),
        ("https://management.azure.com@evil.example/x", False),
        ("https://u:p@management.azure.com/x", False),
        ("http://management.azure.com/x", False),
        ("//evil.example/x", False),
        ("\\\\evil.example/x", True),
        ("https://[x", False),
        ("https://management.azure.com:x/", False),
    ],
)
async def test_an_address_is_the_services_own_whether_it_names_the_usual_port_or_not(
    address: str, there: bool
) -> None:
    made = ArmClients("https://management.azure.com", NoCredential(), StaticToken("t"))
    if there:
        assert made.checked(address).lower().startswith("https://management.azure.com")
    else:
        with pytest.raises(RejectedError, match="not the control plane's"):
            made.checked(address)
