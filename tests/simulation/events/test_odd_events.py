"""Alerts and simulated events with an odd value in any place: what is needed and cannot be understood is
named, and nothing is a server's fault."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.api.http.responding import response_of
from shared.api.http.web import Request, Response
from shared.api.routes import NAMED
from tests.simulation.failures.test_odd_requests import BASE, ODD, fair, places, put
from tests.support.callers.callers import ANNA
from tests.support.night.night import Night

SAMPLES = Path(__file__).parents[2] / "samples" / "events"
ALERT = json.loads((SAMPLES / "alert_fired.common.json").read_text(encoding="utf-8"))
EVENT = json.loads((SAMPLES / "scheduled_event.eventgrid.json").read_text(encoding="utf-8"))
FIRED = ("data", "essentials", "firedDateTime")
NEEDED = ((), ("schemaId",), ("data",), ("data", "essentials"), FIRED)
ABSENT_OR_TIMES = {"null", "nothing", "year 1"}
"""What may stand for a time that is not needed."""


async def send(night: Night, handler: str, told: Any) -> Response:
    request = Request("POST", BASE, {}, {}, {}, json.dumps(told).encode(), caller=ANNA)
    return await response_of(NAMED[handler].handler, night.process.outside, request, "anna")


def named(text: str, place: tuple[str | int, ...]) -> bool:
    """What spoils the whole body, such as its depth, has no field."""
    whole = "nested more than" in text or (not place and "not a JSON object" in text)
    return whole or (str(place[-1]) if place else "schemaId") in text


@pytest.mark.parametrize("handler", ["hear_alert", "simulate_event"])
@pytest.mark.parametrize("right", [ALERT, EVENT], ids=["an alert", "an event"])
async def test_no_odd_value_of_an_event_is_a_servers_fault(handler: str, right: Any) -> None:
    night = Night(hosts=1)
    for place in places(right):
        for what, odd in ODD.items():
            fair(await send(night, handler, put(right, place, odd)), f"{place}: {what}")


@pytest.mark.parametrize("place", NEEDED)
async def test_an_alert_that_cannot_be_understood_is_refused_by_name(
    place: tuple[str | int, ...],
) -> None:
    night = Night(hosts=1)
    for what, odd in ODD.items():
        if place == FIRED and what in ABSENT_OR_TIMES:
            continue
        came = await send(night, "hear_alert", put(ALERT, place, odd))
        if place == ("schemaId",) and came.status == 202:  # it names another schema
            assert "its schema is '" in json.loads(came.text)["text"]
            continue
        assert (came.status, named(came.text, place)) == (400, True), (what, came.text)
    listed = (await night.process.outside.inbox.events(100, None)).items
    assert {each.outcome.value for each in listed} <= {"ignored"}


@pytest.mark.parametrize("place", NEEDED[2:])
async def test_a_simulated_alert_that_cannot_be_understood_is_told_so_by_name(
    place: tuple[str | int, ...],
) -> None:
    night = Night(hosts=1)
    for what, odd in ODD.items():
        if place == FIRED and what in ABSENT_OR_TIMES:
            continue
        came = await send(night, "simulate_event", put(ALERT, place, odd))
        told = json.loads(came.text)
        assert (came.status, told["understood"], told["would"]) == (200, "malformed", []), what
        assert any(named(note, place) for note in told["notes"]), (what, told["notes"])


@pytest.mark.parametrize("field", ["eventType", "data"])
async def test_a_simulated_event_that_cannot_be_understood_is_told_so_by_name(field: str) -> None:
    night = Night(hosts=1)
    for what, odd in ODD.items():
        if field == "eventType" and (isinstance(odd, str) or what == "a huge number"):
            continue  # some other type, which is not for this app
        told = json.loads((await send(night, "simulate_event", put(EVENT, (field,), odd))).text)
        assert (told["understood"], told["would"]) == ("malformed", []), (what, told)
        assert any(named(note, (field,)) for note in told["notes"]), (what, told["notes"])
