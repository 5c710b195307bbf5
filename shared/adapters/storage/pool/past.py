"""What forecasts remember of a pool, in a row of its own. It has a schema of its own, and is lost rather than upgraded."""

from contextlib import suppress

from shared.adapters.storage.packing import joined, pieces, size_of
from shared.adapters.storage.records import adapter
from shared.adapters.storage.tables.table import Op, Values
from shared.core.forecast.past import Past, is_sane

KEY = "past"
SCHEMA = 1
LARGEST = 120_000


def kept(past: Past) -> list[Op]:
    """None where it would be too large: it is lost rather than that a drain waits for it."""
    with suppress(ValueError):
        values = {"past": SCHEMA, **pieces(adapter(Past).dump_json(past).decode(), "data")}
        return [Op("upsert", KEY, values)] if size_of(values) <= LARGEST else []
    return []


def read(values: Values) -> Past | None:
    """What cannot be read, or reckoned with, is no past. None: a newer version of the app wrote it, and it
    is left as it is."""
    version = values.get("past")
    if isinstance(version, int) and version > SCHEMA:
        return None
    found = Past()
    with suppress(ValueError, TypeError):
        found = adapter(Past).validate_json(joined(values, "data"))
    return found if version == SCHEMA and is_sane(found) else Past()
