"""The managed run commands of a VM: named scripts that run once when they are created."""

from datetime import timedelta
from functools import partial
from typing import Any

from local.sim.estate.things import Host, Pool, Run
from local.sim.estate.world import World
from local.sim.services.access import on_vm
from local.sim.services.arm import Answer, ArmError, Call, stamp

MOST = 25
"""The most run commands of a VM."""
_RIGHT = "Microsoft.Compute/virtualMachines/runCommands"


def answer(world: World, call: Call, pool: Pool, host: Host) -> Answer:
    """What a call about a run command is, and how to carry it out. Raises ArmError."""
    name = call.names[1] if len(call.names) > 1 else ""
    where = on_vm(pool, host)
    match call.method:
        case "GET":
            return Answer(
                "runCommands.get", host.name, f"{_RIGHT}/read", where,
                lambda: (200, _json(world, host, name, call), {}),
            )  # fmt: skip
        case "PUT":
            return Answer(
                "runCommands.createOrUpdate", host.name, f"{_RIGHT}/write", where,
                lambda: _put(world, host, name, call),
            )  # fmt: skip
        case "DELETE":
            return Answer(
                "runCommands.delete", host.name, f"{_RIGHT}/delete", where,
                lambda: _delete(world, host, name),
            )  # fmt: skip
    raise ArmError(405, "MethodNotAllowed", f"{call.method} is not for run commands.")


def begin(world: World, host: Host, name: str, run: Run, time_limit: float) -> None:
    """Run a script on the host."""
    host.vm.runs[name] = run
    world.note("script began", host, run=name)
    world.after(host.quirks.script_takes, partial(_end, world, host, run, name))
    limit = timedelta(seconds=time_limit)
    if limit < world.span(host.quirks.script_takes):
        world.after(time_limit * world.speed, partial(_stop, world, host, run, "TimedOut"))


def remove(world: World, host: Host, name: str) -> None:
    """Remove a run command, and stop its script if it is running. Raises KeyError if there is
    none."""
    run = host.vm.runs.pop(name)
    _stop(world, host, run, "Canceled")
    world.note("script removed", host, run=name)


def _end(world: World, host: Host, run: Run, name: str) -> None:
    if run.state != "Running":
        return
    failed = host.quirks.script_fails
    run.state = "Failed" if failed else "Succeeded"
    run.output = f"{host.short}: nothing left to do"
    run.error, run.exit_code = ("the disk is full", 1) if failed else ("", 0)
    run.ended_at = world.now
    world.note(f"script {run.state.lower()}", host, run=name)


def _stop(world: World, host: Host, run: Run, how: str) -> None:
    if run.state == "Running":
        run.state, run.ended_at = how, world.now
        world.note("script stopped", host)


def _put(world: World, host: Host, name: str, call: Call) -> tuple[int, Any, dict[str, str]]:
    if host.vm.power != "running" or host.vm.busy:
        text = "Operation 'runCommand' is not allowed on a VM that is not running."
        raise ArmError(409, "OperationNotAllowed", text)
    if not (call.body or {}).get("location"):
        raise ArmError(400, "LocationRequired", "The location property is required.")
    told = (call.body or {}).get("properties") or {}
    source = told.get("source") or {}
    if not source.get("script") and not source.get("scriptUri"):
        raise ArmError(400, "InvalidParameter", "source: a script is required.")
    if name not in host.vm.runs and len(host.vm.runs) >= MOST:
        raise ArmError(409, "OperationNotAllowed", f"A VM holds at most {MOST} run commands.")
    run = Run(source, told.get("parameters") or [], world.now)
    begin(world, host, name, run, float(told.get("timeoutInSeconds") or 5400))
    return 201, _json(world, host, name, call), {}


def _delete(world: World, host: Host, name: str) -> tuple[int, Any, dict[str, str]]:
    if name not in host.vm.runs:
        return 204, None, {}
    remove(world, host, name)
    return 202, None, {}


def _json(world: World, host: Host, name: str, call: Call) -> dict[str, Any]:
    run = host.vm.runs.get(name)
    if run is None:
        text = f"The Resource '{host.vm.id}/runCommands/{name}' was not found."
        raise ArmError(404, "ResourceNotFound", text)
    properties: dict[str, Any] = {"provisioningState": "Succeeded", "asyncExecution": True}
    if call.query.get("$expand", "").lower() == "instanceview":
        properties["instanceView"] = {
            "executionState": run.state,
            "exitCode": run.exit_code,
            "output": run.output,
            "error": run.error,
            "startTime": stamp(run.started_at),
            "endTime": stamp(run.ended_at),
        }
    return {
        "id": f"{host.vm.id}/runCommands/{name}",
        "name": name,
        "location": world.location,
        "properties": properties,
    }
