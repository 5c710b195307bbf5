"""Facts that older versions kept in sentences, in records other than the history."""

import json
from dataclasses import replace

import pytest

from shared.adapters.storage import entities
from shared.core.host.orders import Order, Pause
from tests.support.builders import NOON, a_drain


def test_what_was_refused_to_the_watchdog_is_read_out_of_an_old_note() -> None:
    record = {
        "host": "a", "name": "a", "drain": "d", "claimed_at": "2026-03-10T12:00:00Z",
        "note": "its drain is lost; not put back yet: setTag: refused: no",
    }  # fmt: skip
    assert (
        entities.read_claim({"schema": 2, "data": json.dumps(record)}).refused
        == "setTag: refused: no"
    )
    calm = {**record, "note": "its drain is lost"}
    assert entities.read_claim({"schema": 2, "data": json.dumps(calm)}).refused == ""


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
    values = dict(entities.control_values(control))
    record = json.loads(entities.unpacked(values))
    for pause in record["pauses"]:
        del pause["campaign"]
    old = entities.read_control({"schema": 2, "data": json.dumps(record)})
    assert old.pauses == (Pause(asked, True, campaign=campaign),)
