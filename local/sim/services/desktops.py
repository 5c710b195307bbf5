"""Microsoft.DesktopVirtualization at api-version 2024-04-03: pools, hosts, sessions, plans."""

import re
from typing import Any

from local.sim.estate.things import Host, Pool, Session
from local.sim.estate.world import World
from local.sim.services.access import on_pool, on_pools_of
from local.sim.services.arm import Answer, ArmError, Call, find_pool, page, stamp

API_VERSIONS = {"2024-04-03", "2025-10-10", "2026-01-01-preview"}
_AVD = "Microsoft.DesktopVirtualization"
_STATUSES = {
    kind.lower(): kind for kind in ("sessionHostUpdateStatuses", "sessionHostProvisioningStatuses")
}
_CLAUSE = re.compile(r"^\s*(\w+)\s+eq\s+'([^']*)'\s*$")


def answer(world: World, call: Call) -> Answer:
    """What a call is, and how to carry it out. Raises ArmError."""
    version = call.query["api-version"]
    if version not in API_VERSIONS:
        text = f"The api-version '{version}' is not supported: {', '.join(sorted(API_VERSIONS))}."
        raise ArmError(400, "InvalidApiVersionParameter", text)
    if call.method == "GET" and call.types == ("hostpools",) and not call.names:
        return Answer(
            "hostPools.list", "", f"{_AVD}/hostpools/read",
            on_pools_of(world, call.subscription, call.group),
            lambda: (200, _pools(world, call), {}),
        )  # fmt: skip
    pool = find_pool(world, call)
    match call.method, call.types:
        case "GET", ("hostpools",):
            return _read(pool, "hostPools.get", "hostpools", lambda: _pool_json(world, pool))
        case "GET", ("hostpools", "sessionhosts") if len(call.names) == 1:
            return _read(
                pool,
                "sessionHosts.list",
                "hostpools/sessionhosts",
                lambda: _hosts(world, pool, call),
            )
        case "GET", ("hostpools", "usersessions"):
            return _read(
                pool, "userSessions.listByHostPool", "hostpools/sessionhosts/usersessions",
                lambda: _sessions(pool, list(pool.hosts.values()), call, "/userSessions"),
            )  # fmt: skip
        case "GET", ("hostpools", "scalingplans"):
            return _read(
                pool, "scalingPlans.listByHostPool", "scalingPlans", lambda: _plans(pool, call)
            )
        case "GET", ("hostpools", "sessionhostmanagements", kind) if kind in _STATUSES:
            return _read(
                pool, f"{_STATUSES[kind]}.get",
                f"hostPools/sessionHostManagements/{_STATUSES[kind]}",
                lambda: _update_status(pool, _STATUSES[kind]),
            )  # fmt: skip
    host = _host(pool, call)
    match call.method, call.types:
        case "GET", ("hostpools", "sessionhosts"):
            return _read(
                pool, "sessionHosts.get", "hostpools/sessionhosts",
                lambda: _host_json(world, pool, host), host,
            )  # fmt: skip
        case "PATCH", ("hostpools", "sessionhosts"):
            return Answer(
                "sessionHosts.update", host.name, f"{_AVD}/hostpools/sessionhosts/write", on_pool(pool),
                lambda: _update(world, pool, host, call),
            )  # fmt: skip
        case "GET", ("hostpools", "sessionhosts", "usersessions") if len(call.names) == 2:
            path = f"/sessionHosts/{host.name}/userSessions"
            return _read(
                pool, "userSessions.list", "hostpools/sessionhosts/usersessions",
                lambda: _sessions(pool, [host], call, path), host,
            )  # fmt: skip
    if len(call.names) < 3:
        raise ArmError(405, "MethodNotAllowed", f"{call.method} is not for {'/'.join(call.types)}.")
    return _of_session(world, pool, host, call)


def _of_session(world: World, pool: Pool, host: Host, call: Call) -> Answer:
    right = "hostpools/sessionhosts/usersessions"

    def found() -> Session:
        session = host.sessions.get(call.names[2])
        if session is None:
            raise ArmError(404, "UserSessionDoesNotExist", "The user session does not exist.")
        return session

    match call.method, call.types[3:]:
        case "GET", ():
            return _read(
                pool, "userSessions.get", right, lambda: _session_json(pool, host, found()), host
            )
        case "DELETE", ():
            return Answer(
                "userSessions.delete", host.name, f"{_AVD}/{right}/delete", on_pool(pool),
                lambda: _quiet(lambda: world.sign_out(host, found())),
            )  # fmt: skip
        case "POST", ("sendmessage",):
            return Answer(
                "userSessions.sendMessage", host.name, f"{_AVD}/{right}/sendMessage/action", on_pool(pool),
                lambda: _send_message(world, pool, host, found(), call),
            )  # fmt: skip
        case "POST", ("disconnect",):
            return Answer(
                "userSessions.disconnect", host.name, f"{_AVD}/{right}/disconnect/action", on_pool(pool),
                lambda: _quiet(lambda: world.disconnect(host, found())),
            )  # fmt: skip
    raise ArmError(405, "MethodNotAllowed", f"{call.method} is not for {'/'.join(call.types)}.")


def _read(pool: Pool, operation: str, right: str, do: Any, host: Host | None = None) -> Answer:
    name = host.name if host is not None else ""
    return Answer(operation, name, f"{_AVD}/{right}/read", on_pool(pool), lambda: (200, do(), {}))


def _quiet(do: Any) -> tuple[int, Any, dict[str, str]]:
    do()
    return 200, None, {}


def _host(pool: Pool, call: Call) -> Host:
    asked = call.names[1] if len(call.names) > 1 else ""
    host = pool.hosts.get(asked.lower())
    if host is None or (pool.case_sensitive and host.name != asked):
        raise ArmError(404, "SessionHostDoesNotExist", f"Session host '{asked}' does not exist.")
    return host


def _update(world: World, pool: Pool, host: Host, call: Call) -> tuple[int, Any, dict[str, str]]:
    properties = (call.body or {}).get("properties") or {}
    allow = properties.get("allowNewSession")
    if not isinstance(allow, bool | None):
        raise ArmError(400, "InvalidParameter", "allowNewSession is true or false.")
    if allow is not None:
        world.set_drain(host, allow, "the app")
    return 200, _host_json(world, pool, host), {}


def _send_message(
    world: World, pool: Pool, host: Host, session: Session, call: Call
) -> tuple[int, Any, dict[str, str]]:
    body = call.body or {}
    title, text = body.get("messageTitle"), body.get("messageBody")
    if not title or not text:
        raise ArmError(400, "InvalidParameter", "messageTitle and messageBody are required.")
    if host.quirks.messages_fail:
        raise ArmError(400, "MessageNotDelivered", "The message could not be delivered.")
    world.tell(pool, host, session, title, text)
    return 200, None, {}


def _hosts(world: World, pool: Pool, call: Call) -> dict[str, Any]:
    hosts = list(pool.hosts.values())
    return page(call, hosts, pool.id + "/sessionHosts", lambda host: _host_json(world, pool, host))


def _sessions(pool: Pool, hosts: list[Host], call: Call, path: str) -> dict[str, Any]:
    def show(found: tuple[Host, Session]) -> dict[str, Any]:
        return _session_json(pool, *found)

    found = [(host, session) for host in hosts for session in host.sessions.values()]
    for name, value in _filter(call.query.get("$filter", "")):
        low = value.lower()
        found = [s for s in found if str(show(s)["properties"].get(name, "")).lower() == low]
    return page(call, found, pool.id + path, show)


def _update_status(pool: Pool, kind: str) -> dict[str, Any]:
    """The status of a session host update. There is never one of provisioning: no estate creates
    hosts."""
    if not pool.host_update or kind != "sessionHostUpdateStatuses":
        raise ArmError(404, "SessionHostManagementNotFound", "There is no session host update.")
    path = f"/sessionHostManagements/default/{kind}/default"
    return {"id": pool.id + path, "name": "default", "status": pool.host_update}


def _filter(text: str) -> list[tuple[str, str]]:
    clauses = []
    for part in filter(None, text.split(" and ")):
        match = _CLAUSE.match(part)
        names = {
            "userprincipalname": "userPrincipalName",
            "sessionstate": "sessionState",
            "state": "sessionState",
        }
        if match is None or match[1].lower() not in names:
            raise ArmError(400, "InvalidFilter", f"The filter '{part}' is not supported.")
        clauses.append((names[match[1].lower()], match[2]))
    return clauses


def _plans(pool: Pool, call: Call) -> dict[str, Any]:
    if not pool.exclusion_tag:
        return {"value": []}
    name = f"sp-{pool.name}"
    plan = {
        "name": name,
        "id": pool.id.rsplit("/hostpools/", 1)[0] + f"/scalingplans/{name}",
        "type": "Microsoft.DesktopVirtualization/scalingPlans",
        "location": "westeurope",
        "properties": {
            "timeZone": "W. Europe Standard Time",
            "hostPoolType": "Pooled",
            "exclusionTag": pool.exclusion_tag,
            "schedules": pool.schedules,
            "hostPoolReferences": [{"hostPoolArmPath": pool.id, "scalingPlanEnabled": True}],
        },
    }
    return page(call, [plan], pool.id + "/scalingPlans", lambda plan: plan)


def _pool_json(world: World, pool: Pool) -> dict[str, Any]:
    return {
        "name": pool.name,
        "id": pool.id,
        "type": "Microsoft.DesktopVirtualization/hostpools",
        "location": world.location,
        "tags": dict(pool.tags),
        "properties": {
            "objectId": "00000000-0000-0000-0000-000000000001",
            "hostPoolType": pool.type,
            "maxSessionLimit": pool.max_session_limit,
            "loadBalancerType": pool.load_balancer,
            "preferredAppGroupType": "Desktop",
            "startVMOnConnect": False,
            "validationEnvironment": False,
            "agentUpdate": {
                "type": "Scheduled" if pool.agent_windows else "Default",
                "useSessionHostLocalTime": False,
                "maintenanceWindowTimeZone": "W. Europe Standard Time",
                "maintenanceWindows": pool.agent_windows,
            },
        },
    }


def _host_json(world: World, pool: Pool, host: Host) -> dict[str, Any]:
    failed = host.quirks.failed_check
    checks = [_check("DomainJoinedCheck", True), _check("SxSStackListenerCheck", True)]
    return {
        "name": f"{pool.name}/{host.name}" if pool.names_with_pool else host.name,
        "id": f"{pool.id}/sessionhosts/{host.name}",
        "type": "Microsoft.DesktopVirtualization/hostpools/sessionhosts",
        "properties": {
            "objectId": host.object_id,
            "lastHeartBeat": stamp(world.heartbeat(host)),
            "sessions": world.session_count(host),
            "agentVersion": host.agent_version,
            "allowNewSession": host.allow_new_session,
            "assignedUser": None,
            "status": world.status(host),
            "statusTimestamp": stamp(host.up_since or world.began),
            "osVersion": host.os_version,
            "sxSStackVersion": "rdp-sxs250401000",
            "updateState": "Started" if world.status(host) == "Upgrading" else "Succeeded",
            "lastUpdateTime": stamp(world.began),
            "updateErrorMessage": "",
            "virtualMachineId": host.object_id,
            "resourceId": world.resource_id(host),
            "sessionHostHealthCheckResults": [
                *checks,
                *([_check(failed, False)] if failed else []),
            ],
        },
    }


def _check(name: str, well: bool) -> dict[str, Any]:
    result = "HealthCheckSucceeded" if well else "HealthCheckFailed"
    return {"healthCheckName": name, "healthCheckResult": result, "additionalFailureDetails": None}


def _session_json(pool: Pool, host: Host, session: Session) -> dict[str, Any]:
    upn = session.person.upn
    return {
        "name": f"{pool.name}/{host.name}/{session.id}",
        "id": f"{pool.id}/sessionhosts/{host.name}/usersessions/{session.id}",
        "type": "Microsoft.DesktopVirtualization/hostpools/sessionhosts/usersessions",
        "properties": {
            "objectId": f"00000000-0000-0000-0001-{int(session.id):012d}",
            "userPrincipalName": upn,
            "applicationType": "Desktop",
            "sessionState": session.state,
            "activeDirectoryUserName": "CONTOSO\\" + upn.split("@", 1)[0],
            "createTime": stamp(session.created_at),
        },
    }


def _pools(world: World, call: Call) -> dict[str, Any]:
    """The pools of the subscription, or of a group, that the identity may read."""
    found = [
        pool
        for pool in world.pools
        if pool.subscription == call.subscription
        and on_pool(pool).allows(f"{_AVD}/hostpools/read")
        and (not call.group or pool.resource_group.lower() == call.group.lower())
    ]
    group = f"/resourceGroups/{call.group}" if call.group else ""
    path = f"/subscriptions/{call.subscription}{group}/providers/Microsoft.DesktopVirtualization"
    return page(call, found, f"{path}/hostPools", lambda pool: _pool_json(world, pool), largest=2)
