"""Records other than the history as older versions wrote them: facts in sentences, and other names."""

import json
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from pydantic import TypeAdapter

from shared.adapters.storage import entities, records
from shared.core.drain.model import Claim, Control, Progress
from shared.core.drain.summary.overview import Overview, overview_of
from shared.core.drain.summary.tally import tally_of
from shared.core.host.actions import SendMessage
from shared.core.host.host import HostRecord, Intent, KeptDrained, TagRecord
from shared.core.host.orders import Addition, Order, Pause
from shared.core.host.sessions import SessionRecord
from shared.core.notifications.lane import Lane, Sent
from shared.core.schedules.schedules import Run, RunState
from tests.support.builders import NOON, a_drain, a_host


def test_what_was_refused_to_the_watchdog_is_read_out_of_an_old_note() -> None:
    record = {
        "host": "a", "name": "a", "drain": "d", "claimed_at": "2026-03-10T12:00:00Z",
        "note": "its drain is lost; not put back yet: setTag: refused: no",
    }  # fmt: skip
    assert (
        records.read(Claim, {"schema": 2, "data": json.dumps(record)}).refused
        == "setTag: refused: no"
    )
    calm = {**record, "note": "its drain is lost"}
    assert records.read(Claim, {"schema": 2, "data": json.dumps(calm)}).refused == ""


@pytest.mark.parametrize(
    ("by", "campaign"),
    [
        ("campaign campaign-0123456789ab of anna", "campaign-0123456789ab"),
        ("campaign campaign-0123456789ab of ", "campaign-0123456789ab"),
        ("anna", ""),
        ("the campaign campaign-0123456789ab of anna", ""),
    ],
)
def test_an_old_pause_is_known_for_its_campaigns_by_who_asked_for_it(
    by: str, campaign: str
) -> None:
    asked = Order(by, NOON, "x")
    control = replace(a_drain().control, pauses=(Pause(asked, True),))
    values = dict(entities.entity_of(control))
    record = json.loads(records.unpacked(values))
    for pause in record["pauses"]:
        del pause["campaign"]
    old = records.read(Control, {"schema": 2, "data": json.dumps(record)})
    assert old.pauses == (Pause(asked, True, campaign=campaign),)


SESSION = SessionRecord("1", "bert", NOON, "Active", NOON, messages_sent=2, messages_done=1)
LEFT = KeptDrained(True, TagRecord("skip", asked=True))
MESSAGE = SendMessage("a", SESSION.key, "1", "bert", 3, "title", "text", "why")


@pytest.mark.parametrize("record", ["host", "missed", "claim", "control", "progress", "overview"])
def test_what_had_other_names_up_to_schema_3_is_read_by_todays(record: str) -> None:
    host = replace(
        a_host(), kept_drained=LEFT, sessions=(SESSION,), intents=(Intent(MESSAGE, NOON),)
    )
    asked = Order("anna", NOON, "x")
    added = replace(a_drain().control, additions=(Addition(asked, "b", "B", kept_drained=LEFT),))
    claim = Claim("a", "A", "d", NOON, kept_drained=True)
    missed = replace(a_host(), missed=(SESSION,))
    drain = replace(a_drain(), progress=Progress(step_number=7))
    written: dict[str, tuple[Any, Any, Any]] = {
        "host": (host, entities.entity_of, partial(records.read, HostRecord)),
        "missed": (missed, entities.entity_of, partial(records.read, HostRecord)),
        "claim": (claim, entities.entity_of, partial(records.read, Claim)),
        "control": (added, entities.entity_of, partial(records.read, Control)),
        "progress": (
            drain.progress,
            lambda p: entities.entity_of_progress(p, tally_of(())),
            partial(records.read, Progress),
        ),
        "overview": (
            overview_of(drain),
            entities.entity_of,
            partial(records.read, Overview),
        ),
    }
    known, values_of, read = written[record]
    text = records.unpacked(values_of(known))
    for new, old in NAMES.items():
        text = text.replace(f'"{new}":', f'"{old}":')
    assert not any(f'"{new}"' in text for new in NAMES)
    assert read({"schema": 3, "data": text}) == known


def test_a_run_and_a_lane_of_schema_3_are_read_by_todays_names() -> None:
    run = Run("nightly", NOON, RunState.ENDED, report_taken="taken")
    lane = Lane("desk", sent=(Sent("x", NOON),))
    for item, partition, new, old in (
        (run, "moments", "report_taken", "told"), (lane, "lanes", "sent", "told"),
    ):  # fmt: skip
        text = TypeAdapter[Any](type(item)).dump_json(item).decode()
        assert f'"{new}":' in text
        old_values = {"schema": 3, "data": text.replace(f'"{new}":', f'"{old}":')}
        assert records.read_document(type(item), partition, old_values) == item


NAMES = {
    "messages_sent": "notices", "messages_done": "told", "kept_drained": "kept", "number": "notice",
    "step_number": "turn",
}  # fmt: skip
