"""Judges forecasts: their times are in order and never past. And disturbs what is stored for them,
from which no promise may suffer."""

import json
from datetime import datetime
from typing import Any

from shared.adapters.storage import entities
from shared.adapters.storage.tables.table import Op
from shared.core.drain.expected import Basis, Expected, Forecast
from shared.core.host.status import ENDED
from tests.nights.judges.known.court import FORESEEN, Court
from tests.nights.judges.known.ledger import TableLedger
from tests.nights.world.common import Shared
from tests.nights.world.scene import POOL_ID

_STRANGE = {"leaving": {"waited": 1e9, "dwindled": -1e9}, "back": {"bins": {"63": 1e9}}}
SPOILT: dict[str, dict[str, Any]] = {
    "past is garbage": {"past": 1, "data": '{"leaving": [1, 2'},
    "past is of another shape": {"past": "one", "data": '{"leaving": {"hours": [[1], [2], []]}}'},
    "past is newer": {"past": 99, "data": '{"leaving": "otherwise"}'},
    "past is strange": {"past": 1, "data": json.dumps(_STRANGE)},
    "past is no number": {"past": 1, "data": '{"back": {"bins": {"3": -4.0, "900": 1e300}}}'},
}
"""What the row holds after the disturbance."""
FORECASTS = "forecasts are garbage"


def spoil(shared: Shared, what: str) -> None:
    """Overwrite what is stored for forecasts, as a mistaken person or a future version of the app
    would."""
    table = shared.tables[0]
    shared.tell(what)
    if what in SPOILT:
        table.put(POOL_ID.key, Op("upsert", "past", SPOILT[what]))
        return
    for row in table.peek(POOL_ID.key, "drain|", "drain|~"):
        if row.key.endswith("|progress"):
            values = {**row.values, "forecast": '{"made_at": "soon"}'}
            table.put(POOL_ID.key, Op("upsert", row.key, values))


def foreseen(court: Court, ledger: TableLedger, drain: str, now: datetime) -> None:
    """Judge what is forecast of a drain after a step."""
    row = ledger.rows(drain).get("progress")
    if row is None:
        return
    told = entities.read_beside(Forecast, row.values)
    over = str(row.values["status"]) in ENDED
    if told is None or over:
        if over and told is not None:
            court.breaks(FORESEEN, f"{drain} has ended, and is expected to", now)
        return
    for each in (told.whole, told.queued):
        if each is not None and (fault := _fault(each) or _fault(each.as_of(now), now)):
            court.breaks(FORESEEN, f"of {drain} it is told that {each}: {fault}", now)
    at, looks = told.whole.at, int(row.values["step"])
    looked = looks != court.turns.get(drain)  # otherwise a message came twice
    court.turns[drain] = looks
    if court.calm and looked and at is not None and at < now - court.step - court.leeway:
        court.breaks(FORESEEN, f"{drain} is expected to have ended at {at}", now)


def _fault(told: Expected, now: datetime | None = None) -> str:
    times = [told.earliest, told.at, told.latest]
    known = [at for at in times if at is not None]
    if not told.because:
        return "no reason"
    if len(known) not in (0, 3) or (not known) is not (told.basis is Basis.NONE):
        return "times without a basis, or the other way round"
    if known != sorted(known):
        return "not in order"
    return "over" if now is not None and known and known[0] < now else ""
