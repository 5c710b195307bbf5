"""Checks whether a drain can be carried through: the rights that its policy needs, and one reading
of each kind.

What is surely missing refuses the drain. What cannot be determined now is recorded in its history.
"""

import asyncio
from collections.abc import Awaitable

from shared.core.drain.history.facts import NotKnown
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Drain
from shared.core.observation.seen import Lack, PoolFacts
from shared.core.policy.policy import HostUpdate
from shared.engine.drains.rights import lacking
from shared.engine.step.readings import lack_of
from shared.engine.world.outside import Outside
from shared.errors import Fault, OutsideError, RefusalKind, RequestRefusedError


async def ready(outside: Outside, drain: Drain, facts: PoolFacts) -> list[Entry]:
    """Entries for the drain's history about what could not be determined. Raises
    RequestRefusedError that names every missing right, with its scope and a role that has it."""
    (lacks, unknown), sessions, machine = await asyncio.gather(
        lacking(outside, drain, facts),
        _lack(outside.plane.sessions(drain.control.pool)),
        _one_machine(outside, drain),
    )
    faults = [Fault("MissingRight", each.scope, each.text) for each in lacks]
    readings = {
        "the pool's user sessions": sessions,
        "the pool's scaling plans": facts.plans_lack,
        "the pool's own session host update": _update(drain, facts),
    }
    for what, lack in readings.items():
        if lack is not None and lack.final:
            faults.append(Fault("CannotBeRead", "hostPool", _text(what, lack)))
    if faults:
        text = f"the drain could not be carried through: {faults[0].text}"
        if len(faults) > 1:
            text += f" (and {len(faults) - 1} more)"
        raise RequestRefusedError(
            RefusalKind.DENIED, "MissingRights", text, tuple(faults), target="hostPool"
        )
    notes = [
        _text(what, lack) for what, lack in {**readings, **machine}.items() if lack is not None
    ]
    notes += [unknown] if unknown else []
    at = outside.clock.now()
    return [Entry(at, NotKnown(note)) for note in notes]


def _update(drain: Drain, facts: PoolFacts) -> Lack | None:
    ignored = drain.control.policy.during_host_update is HostUpdate.IGNORE
    return None if ignored else facts.update_lack


def _text(what: str, lack: Lack) -> str:
    text = f"{what} cannot be read: {lack.text}"
    if what.endswith("host update") and lack.final:
        text += "; if you know that none runs, say 'duringHostUpdate': 'ignore'"
    return text


async def _one_machine(outside: Outside, drain: Drain) -> dict[str, Lack | None]:
    """Read the VM of one host, as a sample. Another host may differ, and then only that host is
    affected."""
    vm_id = next((host.vm_id for host in drain.hosts if host.vm_id is not None), None)
    if vm_id is None or not drain.control.policy.maintenance.works_on_vm:
        return {}
    return {"the state of a host's VM": await _lack(outside.machines.machine(vm_id))}


async def _lack(asked: Awaitable[object]) -> Lack | None:
    try:
        await asked
    except OutsideError as error:
        return lack_of(error)
    return None
