"""Azure Update Manager: maintenance runs that patch machines at their time unless they are
cancelled before; and the two events of each run."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from local.sim.estate.things import Host, Pool
from local.sim.estate.world import World
from local.sim.services.access import on_configuration
from local.sim.services.arm import Answer, ArmError, Call, stamp
from local.sim.side.publisher import event

SUBSCRIPTION = "22222222-3333-4444-5555-666666666666"
"""The subscription of the maintenance configurations. It may differ from that of the machines."""
RIGHT = "Microsoft.Maintenance/applyUpdates"
_TYPES = ("maintenanceconfigurations", "providers", "applyupdates")


@dataclass(slots=True)
class UpdateRun:
    id: str
    configuration: str
    starts_at: datetime
    ends_at: datetime
    cut_off: datetime
    hosts: list[Host]
    subscriptions: list[str]
    status: str = "Pending"


def schedule(
    world: World,
    configuration: str,
    pools: list[tuple[Pool, list[Host]]],
    *,
    starts_in: float,
    lasts: float,
    cut_off: float,
    schema: str = "eventGrid",
) -> UpdateRun:
    """Schedule a run for these hosts; times are in the estate's seconds from now. From ``cut_off``
    before its start the run can no longer be cancelled. Its pre event is published at once, its
    post event at its end. A configuration cannot begin two runs at once: another run for the same
    time begins a minute later."""
    scope = (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-updates/providers/Microsoft.Maintenance"
        f"/maintenanceConfigurations/{configuration}"
    )
    while _id(scope, starts_at := world.now + world.span(starts_in)).lower() in world.runs:
        starts_in += 60.0
    run = UpdateRun(
        id=_id(scope, starts_at),
        configuration=scope,
        starts_at=starts_at,
        ends_at=starts_at + world.span(lasts),
        cut_off=starts_at - world.span(cut_off),
        hosts=[host for _, hosts in pools for host in hosts],
        subscriptions=sorted({pool.subscription for pool, _ in pools}),
    )  # fmt: skip
    world.runs[run.id.lower()] = run
    world.note("run scheduled", run=run.id)
    told = _data(run) | {"cancellationCutOffDateTime": stamp(run.cut_off)}
    _publish(world, run, "PreMaintenanceEvent", told, schema)
    world.after(starts_in, lambda: _begin(world, run, lasts))
    world.after(starts_in + lasts, lambda: _end(world, run, schema))
    return run


def _id(scope: str, starts_at: datetime) -> str:
    return f"{scope}/providers/microsoft.maintenance/applyupdates/{starts_at:%Y%m%d%H%M%S}"


def _begin(world: World, run: UpdateRun, lasts: float) -> None:
    if run.status == "Cancelled":
        world.note("run skipped", run=run.id)
        return
    run.status = "InProgress"
    world.note("run began", run=run.id)
    for host in run.hosts:
        world.note(
            "patched", host, run=run.id, cut_off=run.cut_off.isoformat(),
            sessions=len(host.sessions), drained=not host.allow_new_session,
        )  # fmt: skip
        if not host.vm.busy and host.vm.power == "running":
            world.power(host, "restart", lambda error: None, "Update Manager")


def _end(world: World, run: UpdateRun, schema: str) -> None:
    """End a run. A cancelled run has no post event."""
    if run.status != "InProgress":
        return
    run.status = "Completed"
    world.note("run ended", run=run.id)
    _publish(world, run, "PostMaintenanceEvent", _data(run) | {"status": "Succeeded"}, schema)


def _data(run: UpdateRun) -> dict[str, Any]:
    return {
        "correlationId": run.id,
        "maintenanceConfigurationId": run.configuration,
        "startDateTime": stamp(run.starts_at),
        "endDateTime": stamp(run.ends_at),
        "resourceSubscriptionIds": run.subscriptions,
    }


def _publish(world: World, run: UpdateRun, kind: str, data: dict[str, Any], schema: str) -> None:
    name = run.configuration.rsplit("/", 1)[-1]
    type_ = f"Microsoft.Maintenance.{kind}"
    world.publish(event(world.now, type_, run.id, run.configuration, name, data, schema))


def run_of(call: Call) -> bool:
    return call.provider == "microsoft.maintenance" and call.types == _TYPES


def answer(world: World, call: Call) -> Answer:
    """Read or cancel a run."""
    scope = (
        f"/subscriptions/{call.subscription}/resourcegroups/{call.group}/providers"
        f"/microsoft.maintenance/maintenanceconfigurations/{call.names[0]}/providers"
        f"/microsoft.maintenance/applyupdates/{call.names[2]}"
    )
    run = world.runs.get(scope.lower())
    if run is None:
        raise ArmError(404, "ResourceNotFound", "There is no such run.")
    where = on_configuration(world, run.configuration)
    if call.method == "GET":
        return Answer("updateRun.get", "", f"{RIGHT}/read", where, lambda: (200, _told(run), {}))
    asked = ((call.body or {}).get("properties") or {}).get("status")
    if call.method != "PUT" or asked != "Cancel":
        raise ArmError(400, "BadRequest", "A run can be cancelled, and nothing else.")

    def do() -> tuple[int, Any, dict[str, str]]:
        if run.status != "Cancelled":
            if world.now >= run.cut_off:
                raise ArmError(400, "CancellationNotAllowed", "The cut-off time has passed.")
            run.status = "Cancelled"
            world.note("run cancelled", run=run.id)
        return 200, _told(run), {}

    return Answer("updateRun.cancel", "", f"{RIGHT}/write", where, do)


def _told(run: UpdateRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "name": run.id.rsplit("/", 1)[-1],
        "type": "Microsoft.Maintenance/applyUpdates",
        "properties": {"resourceId": run.configuration, "status": run.status},
    }
