"""What holds the next host back, and what keeps out of others' way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.core.admission.blockers import agentwindow
from shared.core.host.actions import Power, PowerAction
from shared.core.host.host import HostRecord, Job, MaintenanceRecord
from shared.core.host.orders import Order
from shared.core.host.phases import Phase
from shared.core.maintenance.deallocate import Deallocate
from shared.core.maintenance.none import NoMaintenance
from shared.core.maintenance.redeploy import Redeploy
from shared.core.maintenance.restart import Restart
from shared.core.observation.seen import (
    AgentWindow,
    MachineSeen,
    OperationSeen,
    OperationState,
    PoolFacts,
    PoolSeen,
    PoolType,
    Seen,
)
from shared.core.policy.policy import Policy
from tests.support.builders import (
    NOON,
    a_drain,
    a_host,
    a_look,
    look,
    minutes,
    only,
    seconds,
    seen_host,
)

WINDOW = AgentWindow(0, 13, "Europe/Berlin")
"""NOON is a Monday, 13:00 in Berlin."""
IDLE = MachineSeen(busy=False, changed_at=NOON - minutes(600))


def facts(**more: Any) -> PoolFacts:
    windows = more.pop("windows", ())
    return PoolFacts(PoolSeen("hp", PoolType.POOLED, 10, windows), **more)


def empty() -> HostRecord:
    return a_host(
        phase=Phase.EMPTY, empty_since=NOON + seconds(1), empty_again_at=NOON + seconds(6)
    )


def test_while_the_vendors_own_update_runs_no_host_goes_out() -> None:
    seen = replace(a_look(seen_host()), facts=facts(host_update="Scheduled"))
    wait = only(look(a_drain(), seen)).wait
    assert wait is not None
    assert wait.text == "the pool's own session host update to end (Scheduled)"


def test_a_restart_keeps_out_of_the_agents_update_window() -> None:
    seen = a_look(seen_host(drained=True), at=NOON + minutes(1), machines={"a": IDLE})
    seen = replace(seen, facts=facts(windows=(WINDOW,)))
    decision = look(a_drain(empty(), policy=Policy(maintenance=Restart())), seen)
    wait = only(decision).wait
    assert decision.actions == ()
    assert wait is not None
    assert wait.text == "the pool's agent update window to end, at 14:00Z"


def test_a_window_lasts_two_hours_also_over_midnight() -> None:
    seen = replace(a_look(seen_host()), facts=facts(windows=(AgentWindow(6, 23, "UTC"),)))
    control = a_drain(policy=Policy(maintenance=Restart())).control
    midnight = NOON.replace(hour=0)
    assert agentwindow.why(control, seen, midnight + minutes(59))
    assert not agentwindow.why(control, seen, midnight + minutes(60))


def test_what_takes_no_machine_down_does_not_mind_the_window() -> None:
    seen = replace(a_look(seen_host()), facts=facts(windows=(WINDOW,)))
    policy = Policy(maintenance=NoMaintenance())
    assert only(look(a_drain(policy=policy), seen)).phase is Phase.DRAINING


def maintaining(job: Job, **more: Any) -> HostRecord:
    noted = MaintenanceRecord(begun_at=NOON, job=job)
    return a_host(phase=Phase.MAINTAINING, maintenance=noted, **more)


def powered(decision: Any) -> list[PowerAction]:
    return [a.what for a in decision.actions if isinstance(a, Power)]


def drained(at: float, **more: Any) -> Seen:
    return a_look(seen_host(drained=True), at=NOON + minutes(at), **more)


def test_a_deallocated_vm_waits_and_is_started_when_released() -> None:
    policy = Policy(maintenance=Deallocate())
    over = maintaining(Job("deallocate", asked_at=NOON, operation="op"))
    done = {"a": OperationSeen(OperationState.SUCCEEDED)}
    waiting = only(look(a_drain(over, policy=policy), drained(3, operations=done)))
    assert waiting.wait is not None
    assert "somebody to release it, its VM being deallocated" in waiting.wait.text
    off = replace(IDLE, power="deallocated")
    drain = a_drain(waiting, policy=policy, release_all=Order("carla", NOON))
    assert powered(look(drain, drained(9, machines={"a": off}))) == [PowerAction.START]


def test_it_is_started_by_itself_after_its_time_and_when_the_drain_is_canceled() -> None:
    off = {"a": replace(IDLE, power="deallocated")}
    over = maintaining(Job("deallocate", asked_at=NOON, operation="op", over=True))
    policy = Policy(maintenance=Deallocate(start_after=timedelta(minutes=20)))
    assert powered(look(a_drain(over, policy=policy), drained(19, machines=off))) == []
    assert powered(look(a_drain(over, policy=policy), drained(20, machines=off))) == [
        PowerAction.START
    ]
    canceled = a_drain(over, policy=policy, cancel=Order("anna", NOON))
    assert powered(look(canceled, drained(1, machines=off))) == [PowerAction.START]


def test_a_vm_that_is_redeployed_is_followed_to_the_end() -> None:
    policy = Policy(maintenance=Redeploy())
    decision = look(a_drain(empty(), policy=policy), drained(1, machines={"a": IDLE}))
    assert powered(decision) == [PowerAction.REDEPLOY]


def test_a_stopped_vm_is_not_redeployed_and_not_waited_for_to_be_well() -> None:
    stopped = replace(empty(), stopped_before="deallocated")
    off = {"a": replace(IDLE, power="deallocated")}
    seen = a_look(seen_host(drained=True, status="Shutdown"), at=NOON + minutes(1), machines=off)
    decision = look(a_drain(stopped, policy=Policy(maintenance=Redeploy())), seen)
    assert powered(decision) == []
    assert only(decision).phase is Phase.RESTORING


def test_a_strict_policy_takes_no_host_that_needs_assistance() -> None:
    done = MaintenanceRecord(begun_at=NOON, finished_at=NOON)
    host = a_host(phase=Phase.VERIFYING, maintenance=done, healthy_since=NOON)
    seen = a_look(seen_host(drained=True, status="NeedsAssistance"), at=NOON + minutes(1))
    assert only(look(a_drain(host), seen)).phase is Phase.RESTORING
    strict = only(look(a_drain(host, policy=Policy(strict_health=True)), seen))
    assert strict.phase is Phase.VERIFYING


def test_an_agent_that_updates_itself_is_waited_for() -> None:
    done = MaintenanceRecord(begun_at=NOON, finished_at=NOON)
    host = a_host(phase=Phase.VERIFYING, maintenance=done, healthy_since=NOON)
    seen = a_look(seen_host(drained=True, update_state="Started"), at=NOON + minutes(1))
    assert only(look(a_drain(host), seen)).phase is Phase.VERIFYING


def test_no_host_goes_out_of_a_pool_that_is_of_type_pooled_no_more() -> None:
    """Its users would have nowhere else to go, and nobody said that this is meant."""
    personal = replace(a_look(seen_host()), facts=PoolFacts(PoolSeen("hp", PoolType.PERSONAL, 1)))
    held = only(look(a_drain(pooled=True), personal))
    assert held.wait is not None
    assert held.wait.code == "poolType"
    assert "it is Personal now" in held.wait.text
    assert only(look(a_drain(), personal)).phase is Phase.DRAINING
