"""Judges promises 1 and 4 for hosts that a maintenance run patches: if nothing fails, the run finds
each of them empty, or it was cancelled."""

from datetime import datetime, timedelta
from typing import Any

from shared.core.drain.model import Control
from shared.core.host.host import HostRecord
from shared.core.host.phases import Phase
from shared.core.maintenance.updaterun import UpdateRun
from tests.nights.judges.known.court import EMPTY, FORGOTTEN, Court
from tests.nights.world.instance import PACE

_LEAD = timedelta(minutes=10)
_DECIDED = timedelta(minutes=3)
"""From the vendor's page: a run cannot be cancelled in the ten minutes before its start. And the
app says that it decides this much earlier."""
_A_LOOK = timedelta(minutes=1)
_SETTLED = timedelta(minutes=6)
"""An event waits for others of the same moment, and its machines may not be listed yet."""


def patched(court: Court, host: str, line: dict[str, Any], at: datetime) -> None:
    heard_at, rule = court.heard.get(line["run"].lower()), court.rules.get("updateManager")
    last = min(datetime.fromisoformat(line["cut_off"]), at - _LEAD) - _DECIDED
    if not court.calm or rule is None or heard_at is None or heard_at + _SETTLED > last:
        return
    if host in court.facts.opened_by_others or host in court.facts.down:
        return  # nobody is signed in on a stopped VM, whatever is listed
    found = {drain: court.ledger.records(drain).get(host) for drain in court.ledger.drains()}
    ours = [d for d in found if _of_run(court.ledger.control(d), line["run"]) and found[d]]
    cancels = rule["usersRemain"] == "cancelRun"
    if not ours:
        others = [record for record in found.values() if record is not None]
        if cancels and line["sessions"] and any(_had_users(record, last) for record in others):
            text = f"{host} is patched with {line['sessions']} sessions, in another drain"
            court.breaks(EMPTY, text, at)
        elif rule["overTheFloor"] != "drainWhatFits" and _free_in_time(others, last):
            court.breaks(FORGOTTEN, f"{host} is patched, and no drain had it out for that", at)
        return
    for drain in ours:
        control, record = court.ledger.control(drain), found[drain]
        if record is None or record.ended or control.stopped(host) or control.cancel is not None:
            continue
        since = max([control.asked.at, *(a.asked.at for a in control.additions if a.key == host)])
        if cancels and since + _SETTLED <= last and (line["sessions"] or not line["drained"]):
            text = f"{host} is patched with {line['sessions']} sessions, drained: {line['drained']}"
            court.breaks(EMPTY, text, at)


def _of_run(control: Control, run: str) -> bool:
    kind = control.policy.maintenance
    return isinstance(kind, UpdateRun) and kind.run.lower() == run.lower()


def _had_users(record: HostRecord, last: datetime) -> bool:
    """Whether another drain has the host and had not emptied it when that had to be decided."""
    before = record.phase in (Phase.QUEUED, Phase.DRAINING)
    return before and not record.ended and record.since <= last - _A_LOOK


def _free_in_time(others: list[HostRecord], last: datetime) -> bool:
    """Whether the drains that had the host before were done with it so early that its event, which
    waited for them, asked again in time."""
    return all(record.ended for record in others) and all(
        record.since + PACE.idle + _SETTLED <= last for record in others
    )
