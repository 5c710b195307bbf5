"""Tries now what will be started later: each drain is checked as its start would check it. What is
surely wrong is a fault. What may have changed by then, or could not be determined, is a warning."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.engine.drains import intake
from shared.engine.world.each import each, error_text
from shared.engine.world.outside import Outside
from shared.errors import MOST_FAULTS, Fault, RefusalKind, RequestRefusedError
from shared.wire.commands import start_of
from shared.wire.start import StartBody

_AT_ONCE = 8


@dataclass(slots=True)
class Trial:
    """The result of a trial. ``previews``: in the order of the drains, what each would do now; None
    if it would be refused."""

    previews: list[intake.Preview | None] = field(default_factory=list)
    refused: list[list[str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


async def tried(
    outside: Outside, drains: Sequence[tuple[str, StartBody]], address: str, by: str
) -> Trial:
    """Try drains, each given with its place in the request, such as ``drain.``. Touches nothing."""
    found = Trial([None] * len(drains), [[] for _ in drains])

    async def look(number: int) -> None:
        prefix, body = drains[number]
        asked = start_of(body, outside.clock.now(), uuid.uuid4().hex, address)
        try:
            preview = await intake.preview(outside, asked, by)
        except RequestRefusedError as refused:
            found.refused[number] = list(refused.texts)
            _sort(found, prefix, body, refused)
            return
        found.previews[number] = preview
        if preview.unknown:
            found.warnings.append(f"{prefix}hostPool: rights could not be told: {preview.unknown}")
        for missing in preview.missing:
            text = f"the app's identity lacks a right: {missing.action} on {missing.scope}"
            found.faults.append(Fault("MissingRight", f"{prefix}hostPool", text))

    for number, error in await each("trying", range(len(drains)), look, at_once=_AT_ONCE):
        found.refused[number] = [error_text(error)]
        found.warnings.append(
            f"{drains[number][0]}hostPool: could not be looked at: {error_text(error)}"
        )
    return found


def _sort(found: Trial, prefix: str, body: StartBody, refused: RequestRefusedError) -> None:
    """Sort a refusal into faults and warnings. A conflict, or a selection that is empty now, may be
    over by the time of the start."""
    faults = refused.faults or (Fault(refused.code, "hostPool", "; ".join(refused.texts)),)
    later = refused.passing or refused.kind is RefusalKind.CONFLICT
    for fault in faults[:MOST_FAULTS]:
        passes = later or (fault.code == "EmptySelection" and body.hosts != "all")
        if passes:
            found.warnings.append(f"{prefix}{fault.target}: {fault.text}")
        else:
            found.faults.append(Fault(fault.code, f"{prefix}{fault.target}", fault.text))
