"""The way back, which needs no reading: what was left behind of it is never forgotten."""

from dataclasses import replace

from shared.core.flow.outcomes import left_behind
from shared.core.flow.wayback import failed, lightened, supposed
from shared.core.host.actions import (
    Power,
    PowerAction,
    RunScript,
    SendMessage,
    SetDrainMode,
    SetTag,
)
from shared.core.host.host import Intent, TagRecord
from shared.core.host.phases import Phase
from shared.core.host.sessions import Delivery
from shared.core.observation.sessions import track
from tests.support.builders import NOON, PACE, a_drain, a_host, a_session, minutes


def test_a_drain_mode_write_that_was_left_behind_may_still_arrive() -> None:
    intent = Intent(SetDrainMode("a", False, "patches"), NOON)
    host = left_behind(
        a_host(phase=Phase.DRAINING, write_asked=False, intents=(intent,)), NOON, PACE
    )
    assert host.write_asked
    assert host.late_until == NOON + PACE.late


def test_a_host_is_not_called_back_before_a_late_write_can_have_arrived() -> None:
    late = NOON + PACE.late
    host = a_host(phase=Phase.RESTORING, restored_at=NOON, late_until=late)
    before = failed(a_drain(host), "KeyError", late - minutes(0.1), PACE)
    assert before.drain.hosts[0].phase is Phase.RESTORING
    after = failed(a_drain(host), "KeyError", late, PACE)
    assert [type(action) for action in after.actions] == [SetDrainMode]


def test_a_tag_whose_write_was_left_behind_is_taken_off() -> None:
    intent = Intent(SetTag("a", "vm-a", "excluded", "ours", on=True, why="patches"), NOON)
    tag = TagRecord("excluded")
    host = left_behind(a_host(phase=Phase.DRAINING, tag=tag, intents=(intent,)), NOON, PACE)
    assert host.tag is not None
    assert (host.tag.asked, host.tag.unsure) == (True, True)


def test_an_operation_that_was_left_behind_is_told() -> None:
    intent = Intent(Power("a", "vm-a", PowerAction.DEALLOCATE, "patches"), NOON)
    host = left_behind(a_host(phase=Phase.EMPTY, intents=(intent,)), NOON, PACE)
    drain = a_drain(host)
    for _ in range(3):
        drain = failed(drain, "KeyError", NOON, PACE).drain
    assert "deallocate" in drain.hosts[0].attention


def test_a_script_that_was_left_behind_is_not_begun_again() -> None:
    intent = Intent(RunScript("a", "vm-a", "1", "patch", (), 600, "patches"), NOON)
    host = left_behind(a_host(phase=Phase.EMPTY, intents=(intent,)), NOON, PACE)
    assert host.maintenance.errand is not None


def test_a_user_whose_message_was_left_behind_is_not_told_again() -> None:
    """Whether the rules for outcomes work, or are what fails."""
    for settled in (left_behind, supposed):
        host = track(a_host(phase=Phase.DRAINING), [a_session()], NOON)
        [session] = host.sessions
        message = SendMessage("a", session.key, "1", session.user, 1, "", "", "patches")
        host = settled(replace(host, intents=(Intent(message, NOON),)), NOON, PACE)
        assert host.sessions[0].messages_done == 1


def test_a_record_that_was_too_large_keeps_the_latest_messages_and_counts_the_others() -> None:
    delivery = Delivery("bert@contoso.example", NOON, 1, "", "accepted")
    host = lightened(replace(a_host(phase=Phase.DRAINING), deliveries=(delivery,) * 50))
    assert (len(host.deliveries), host.deliveries_more) == (20, 30)
