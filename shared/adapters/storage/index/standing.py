"""A drain's standing as short JSON, as the index stores it."""

import json
from datetime import datetime
from typing import Any

from shared.core.drain.summary.standing import Standing
from shared.core.host.phases import Phase

SCHEMA = 1


def written(standing: Standing) -> str:
    """The JSON of a standing. What is 0 or not known is left out."""
    at = standing.overdue_from
    figures = {
        "phases": dict(standing.phases),
        "sessions": standing.sessions,
        "attention": standing.attention,
        "overdue": standing.overdue,
        "overdueFrom": at.isoformat() if at is not None else None,
    }
    kept = {name: value for name, value in figures.items() if value}
    return json.dumps({"schema": SCHEMA, **kept}, separators=(",", ":"))


def read(text: object) -> Standing | None:
    """The standing in the JSON. None: an older version stored none, or this version cannot read
    it."""
    try:
        raw: Any = json.loads(text) if isinstance(text, str) else None
        if raw is None or int(raw["schema"]) > SCHEMA:
            return None
        at = datetime.fromisoformat(raw["overdueFrom"]) if raw.get("overdueFrom") else None
        if at is not None and at.tzinfo is None:
            return None
        return Standing(
            {Phase(name): int(number) for name, number in raw.get("phases", {}).items()},
            int(raw.get("sessions", 0)),
            int(raw.get("attention", 0)),
            int(raw.get("overdue", 0)),
            at,
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
