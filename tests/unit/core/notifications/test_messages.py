"""What a message tells, and what the doctor says of its receiver."""

import json
from datetime import datetime, timedelta

import pytest

from shared.core.drain.happenings import Kind
from shared.core.host.outcome import Accepted
from shared.core.notifications import lane as lanes
from shared.core.notifications.findings import receivers as findings
from shared.core.notifications.lane import (
    Lane,
    added,
)
from shared.core.notifications.message import body, headline
from shared.core.notifications.rules import (
    Notifications,
)
from shared.core.start.doctor.findings import Severity
from tests.support.builders import NOON
from tests.support.lanes import AWAY, DESK, happening, ready, sent, tried


def test_a_message_tells_programs_what_it_tells_people() -> None:
    lane = added(Lane("desk"), [happening(1), happening(2)], DESK, NOON)
    _, message = sent(lane, ready(lane))
    told = body(message)
    assert told["type"] == "AvdDrain.Host.NeedsAttention"
    assert told["data"]["text"] == headline(message) == "2 hosts need attention"
    assert [item["host"] for item in told["data"]["items"]] == ["host-1", "host-2"]
    assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("number", [1, 2])
def test_every_kind_has_words(kind: Kind, number: int) -> None:
    lane = added(Lane("desk"), [happening(n, kind) for n in range(number)], DESK, NOON)
    _, message = sent(lane, ready(lane))
    assert headline(message)
    assert body(message)["type"].startswith("AvdDrain.")


def test_the_doctor_says_whether_receivers_take_what_they_are_sent() -> None:
    known = Notifications((DESK,))
    fresh = added(Lane("desk"), [happening(1)], DESK, NOON)
    failing = tried(fresh, AWAY, ready(fresh))
    well = tried(fresh, Accepted(), ready(fresh))
    lost = lanes.expired(failing, NOON + timedelta(days=4))

    def found(lane: Lane | None, now: datetime = NOON) -> list[tuple[str, Severity]]:
        there = {} if lane is None else {"desk": lane}
        return [(each.code, each.severity) for each in findings(known, there, now)]

    assert found(None) == [("ReceiverNotTried", Severity.UNKNOWN)]
    assert found(failing) == [("ReceiverFails", Severity.ERROR)]
    assert found(well) == [("ReceiverTakes", Severity.OK)]
    later = NOON + timedelta(days=4)
    assert ("NotificationsGivenUp", Severity.ERROR) in found(lost, later)
    assert ("NotificationsGivenUp", Severity.ERROR) not in found(lost, later + lanes.SHOWN_FOR * 2)
    assert list(findings(Notifications(), {}, NOON)) == []
