"""Azure Resource Graph, as far as the machines of a maintenance run are asked for; in pages."""

import re
from typing import Any

from local.sim.arm import ArmError
from local.sim.world import World

PATH = "/providers/microsoft.resourcegraph/resources"
LARGEST = 2
"""Rows of a page: few, so that whoever reads one page only is found out."""
_RUN = re.compile(r"properties[.]correlationId\s*=~\s*'([^']*)'", re.IGNORECASE)


def answer(world: World, body: Any) -> dict[str, Any]:
    """POST resources: rows of ``maintenanceresources``, one for each machine of the run."""
    told = body if isinstance(body, dict) else {}
    query = str(told.get("query") or "")
    subscriptions = {str(s).lower() for s in told.get("subscriptions") or ()}
    found = _RUN.search(query)
    if not query.strip().lower().startswith("maintenanceresources") or found is None:
        raise ArmError(400, "BadRequest", "Please provide below info: this query is not simulated.")
    run = world.runs.get(found[1].lower())
    rows = [
        {"resourceId": host.vm.id.lower()}
        for host in (run.hosts if run is not None else ())
        if host.vm.id.split("/")[2].lower() in subscriptions
    ]
    options = told.get("options") or {}
    skip = int(options.get("$skipToken") or 0)
    size = min(int(options.get("$top") or 1000), LARGEST)
    part = rows[skip : skip + size]
    answer_: dict[str, Any] = {
        "totalRecords": len(rows),
        "count": len(part),
        "resultTruncated": "false",
        "facets": [],
        "data": part,
    }
    if skip + size < len(rows):
        answer_["$skipToken"] = str(skip + size)
    return answer_
