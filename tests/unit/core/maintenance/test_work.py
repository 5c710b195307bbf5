"""Maintenance of an empty host, and what must be so before and after it."""

from dataclasses import replace
from typing import Any

import pytest

from shared.core.flow.outcomes import apply
from shared.core.host.actions import Power, PowerAction
from shared.core.host.host import HostRecord, Job, MaintenanceRecord
from shared.core.host.orders import Order
from shared.core.host.outcome import Accepted, Refused, Unknown
from shared.core.host.phases import Phase
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.restart import Restart
from shared.core.observation.seen import MachineSeen, OperationSeen, OperationState, Seen
from shared.core.policy.policy import Policy
from tests.support.builders import (
    NOON,
    PACE,
    a_drain,
    a_host,
    a_look,
    a_session,
    after,
    look,
    minutes,
    only,
    seconds,
    seen_host,
)

DRAINED = seen_host(drained=True)
HOLD = Policy(maintenance=Hold(hold_for=minutes(60)))
RESTART = Policy(maintenance=Restart())
DO = Power("a", "vm-a", PowerAction.RESTART, "it is empty")
IDLE = MachineSeen(busy=False, changed_at=NOON - minutes(600))


def empty(**more: Any) -> HostRecord:
    readings = {"empty_since": NOON + seconds(1), "empty_again_at": NOON + seconds(6)}
    return a_host(phase=Phase.EMPTY, **(readings | more))


def later(number: float, **more: Any) -> Seen:
    return a_look(DRAINED, at=NOON + minutes(number), **more)


def test_a_held_host_waits_to_be_released() -> None:
    decision = look(a_drain(empty(), policy=HOLD), later(1))
    wait = only(decision).wait
    assert only(decision).phase is Phase.MAINTAINING
    assert wait is not None
    assert wait.text.startswith("somebody to release it, at the latest at 2026-11-23 13:01:00Z")


def test_nothing_is_done_to_a_vm_of_which_nobody_tells_whether_it_runs() -> None:
    """If it was stopped, nobody would know that it is to be stopped again."""
    drain = a_drain(empty(), policy=RESTART)
    untold = replace(IDLE, power="")
    decision = look(drain, later(1, machines={"a": untold}))
    assert decision.actions == ()
    assert only(decision).phase is Phase.EMPTY
    assert only(decision).wait.text == "the service to tell whether its VM runs"  # type: ignore[union-attr]
    over = look(after(decision), later(62, machines={"a": untold}))
    assert only(over).phase is Phase.RESTORING
    assert only(over).attention


@pytest.mark.parametrize("how", ["all", "one"])
def test_a_released_host_is_verified(how: str) -> None:
    host = a_host(phase=Phase.MAINTAINING, maintenance=MaintenanceRecord(begun_at=NOON))
    order = Order("carla", NOON + minutes(9), "patched")
    drain = a_drain(
        host,
        policy=HOLD,
        **({"release_all": order} if how == "all" else {"releases": {"a": order}}),
    )
    decision = look(drain, later(10))
    assert only(decision).phase is Phase.VERIFYING
    [entry] = [e for e in decision.entries if e.host]
    assert (entry.by, entry.why) == ("carla", "patched")


def test_a_release_of_another_host_releases_nobody_else() -> None:
    host = a_host(phase=Phase.MAINTAINING, maintenance=MaintenanceRecord(begun_at=NOON))
    drain = a_drain(host, policy=HOLD, releases={"b": Order("carla", NOON)})
    assert only(look(drain, later(10))).phase is Phase.MAINTAINING


def test_a_host_that_nobody_releases_is_put_back_and_the_drain_says_so() -> None:
    host = a_host(phase=Phase.MAINTAINING, maintenance=MaintenanceRecord(begun_at=NOON))
    decision = look(a_drain(host, policy=HOLD), later(60))
    assert only(decision).phase is Phase.RESTORING
    assert only(decision).attention.startswith("nobody released it in time")


def test_a_restart_first_notes_what_the_vm_is_like() -> None:
    drain = a_drain(empty(), policy=RESTART)
    assert look(drain, later(1)).actions == ()
    decision = look(drain, later(1, machines={"a": IDLE}))
    assert decision.actions == (DO,)
    job = only(decision).maintenance.job
    assert job is not None
    assert job.changed_before == IDLE.changed_at


def test_a_vm_with_an_operation_under_way_is_left_alone() -> None:
    busy = MachineSeen(busy=True, changed_at=None)
    decision = look(a_drain(empty(), policy=RESTART), later(1, machines={"a": busy}))
    assert decision.actions == ()


def test_a_session_that_appears_before_the_restart_stops_it() -> None:
    seen = later(1, machines={"a": IDLE}, sessions=[a_session()])
    decision = look(a_drain(empty(), policy=RESTART), seen)
    assert only(decision).phase is Phase.DRAINING
    assert not any(isinstance(action, Power) for action in decision.actions)


def test_drain_mode_that_is_found_off_stops_it_too() -> None:
    seen = a_look(seen_host(), at=NOON + minutes(1), machines={"a": IDLE})
    decision = look(a_drain(empty(), policy=RESTART), seen)
    assert not any(isinstance(action, Power) for action in decision.actions)


def test_an_accepted_restart_is_followed_as_the_operation_it_is() -> None:
    host = apply(empty(), DO, Accepted("https://op"), NOON, PACE)
    assert host.phase is Phase.MAINTAINING
    running = {"a": OperationSeen(OperationState.RUNNING)}
    assert only(look(a_drain(host, policy=RESTART), later(1, operations=running))).wait is not None
    over = {"a": OperationSeen(OperationState.SUCCEEDED)}
    decision = look(a_drain(host, policy=RESTART), later(2, operations=over))
    assert only(decision).phase is Phase.VERIFYING


def test_a_failed_restart_puts_the_host_back_and_asks_for_attention() -> None:
    host = apply(empty(), DO, Accepted("https://op"), NOON, PACE)
    failed = {"a": OperationSeen(OperationState.FAILED, "OSProvisioningTimedOut: late")}
    decision = look(a_drain(host, policy=RESTART), later(1, operations=failed))
    assert only(decision).phase is Phase.RESTORING
    assert "OSProvisioningTimedOut" in only(decision).attention


def unsure() -> HostRecord:
    noted = empty(maintenance=MaintenanceRecord(job=Job("restart", IDLE.changed_at)))
    return apply(noted, DO, Unknown(), NOON, PACE)


def test_after_a_lost_answer_the_vm_is_looked_at_and_not_restarted_again() -> None:
    decision = look(a_drain(unsure(), policy=RESTART), later(1, machines={"a": IDLE}))
    assert decision.actions == ()
    assert only(decision).phase is Phase.MAINTAINING


def test_a_vm_that_has_changed_since_was_restarted() -> None:
    changed = replace(IDLE, changed_at=NOON + minutes(1))
    decision = look(a_drain(unsure(), policy=RESTART), later(2, machines={"a": changed}))
    assert only(decision).maintenance.finished_at == NOON + minutes(2)


def test_a_vm_that_has_not_changed_for_long_enough_was_not() -> None:
    decision = look(a_drain(unsure(), policy=RESTART), later(4, machines={"a": IDLE}))
    assert only(decision).phase in (Phase.EMPTY, Phase.DRAINING)
    assert not any(isinstance(action, Power) for action in decision.actions)


def test_a_restart_that_is_refused_for_good_puts_the_host_back() -> None:
    host = apply(empty(), DO, Refused("no rights", final=True), NOON, PACE)
    decision = look(a_drain(host, policy=RESTART), later(1))
    assert only(decision).phase is Phase.RESTORING
    assert "no rights" in only(decision).attention


def test_canceling_lets_a_restart_that_is_under_way_end() -> None:
    host = apply(empty(), DO, Accepted("https://op"), NOON, PACE)
    running = {"a": OperationSeen(OperationState.RUNNING)}
    drain = a_drain(host, policy=RESTART, cancel=Order("anna", NOON))
    assert only(look(drain, later(1, operations=running))).phase is Phase.MAINTAINING


def verifying() -> HostRecord:
    done = MaintenanceRecord(begun_at=NOON, finished_at=NOON + minutes(1))
    return replace(a_host(phase=Phase.VERIFYING, maintenance=done), since=NOON + minutes(1))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"status": "Unavailable"}, "its status is Unavailable"),
        ({"status": "Upgrading"}, "its status is Upgrading"),
        ({"last_heartbeat": NOON}, "no heartbeat since the maintenance"),
        ({"last_heartbeat": None}, "no heartbeat since the maintenance"),
        ({"failed_checks": ("SxSStackListenerCheck",)}, "SxSStackListenerCheck"),
    ],
)
def test_a_host_that_is_not_well_is_not_put_back_yet_and_says_why(
    more: dict[str, Any], said: str
) -> None:
    seen = a_look(seen_host(drained=True, **more), at=NOON + minutes(2))
    decision = look(a_drain(verifying(), policy=RESTART), seen)
    wait = only(decision).wait
    assert only(decision).phase is Phase.VERIFYING
    assert wait is not None
    assert said in wait.text


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"status": "NeedsAssistance"},
        {"failed_checks": ("DomainJoinedCheck", "UrlsAccessibleCheck")},
    ],
)
def test_a_host_that_is_well_twice_is_put_back(more: dict[str, Any]) -> None:
    host = verifying()
    for at in (2, 3):
        seen = a_look(seen_host(drained=True, **more), at=NOON + minutes(at))
        host = only(look(a_drain(host, policy=RESTART), seen))
    assert host.phase is Phase.RESTORING


def test_a_host_that_does_not_get_well_in_time_is_put_back_and_reported() -> None:
    seen = a_look(seen_host(drained=True, status="Unavailable"), at=NOON + minutes(31))
    decision = look(a_drain(verifying(), policy=RESTART), seen)
    assert only(decision).phase is Phase.RESTORING
    assert only(decision).attention == "not well in time: its status is Unavailable"
