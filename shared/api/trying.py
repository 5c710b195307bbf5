"""What is to be started later, looked at now: each drain as its start would look at it. What is surely
wrong is a fault; what may be otherwise by then, or could not be told, is a warning."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.api.bodies import StartBody
from shared.api.resources import plan_resource
from shared.api.shapes.planning import PlanView
from shared.api.starting import command
from shared.engine.drains import intake
from shared.engine.world.each import each, told
from shared.engine.world.outside import Outside
from shared.errors import Fault, RefusalKind, RequestRefusedError

_AT_ONCE = 8


@dataclass(slots=True)
class Tried:
    """``plans``: what each drain would do now, None for one that would be refused; in order."""

    plans: list[PlanView | None] = field(default_factory=list)
    refused: list[list[str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


async def tried(
    outside: Outside, drains: Sequence[tuple[str, StartBody]], address: str, by: str
) -> Tried:
    """``drains``: each with where it stands in the request, such as ``drain.``. Touches nothing."""
    found = Tried([None] * len(drains), [[] for _ in drains])

    async def look(number: int) -> None:
        prefix, body = drains[number]
        asked = command(body, outside.clock.now(), uuid.uuid4().hex, address)
        try:
            preview = await intake.preview(outside, asked, by)
        except RequestRefusedError as refused:
            found.refused[number] = list(refused.texts)
            _sort(found, prefix, body, refused)
            return
        found.plans[number] = plan_resource(preview)
        if preview.unknown:
            found.warnings.append(f"{prefix}hostPool: rights could not be told: {preview.unknown}")
        for missing in preview.missing:
            text = f"the app's identity lacks a right: {missing.action} on {missing.scope}"
            found.faults.append(Fault("MissingRight", f"{prefix}hostPool", text))

    for number, error in await each("trying", range(len(drains)), look, at_once=_AT_ONCE):
        found.refused[number] = [told(error)]
        found.warnings.append(f"{drains[number][0]}hostPool: could not be looked at: {told(error)}")
    return found


def _sort(found: Tried, prefix: str, body: StartBody, refused: RequestRefusedError) -> None:
    """A conflict, or nobody whose turn it is, may be over by the time of the start."""
    faults = refused.faults or (Fault(refused.code, "hostPool", "; ".join(refused.texts)),)
    later = refused.passing or refused.kind is RefusalKind.CONFLICT
    for fault in faults:
        passes = later or (fault.code == "EmptySelection" and body.hosts != "all")
        if passes:
            found.warnings.append(f"{prefix}{fault.target}: {fault.text}")
        else:
            found.faults.append(Fault(fault.code, f"{prefix}{fault.target}", fault.text))
