"""Which limit holds the next host back, and in what words."""

from dataclasses import replace
from datetime import time

from shared.core.admission import batches
from shared.core.admission.capacity import Room, room
from shared.core.admission.scalingplan import hosts_needed, phase_at
from shared.core.flow.needs import needs_of
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import OUT, Phase
from shared.core.observation.seen import PlanPhase, PlanSeen, PoolFacts, PoolSeen, PoolType, Seen
from shared.core.policy.policy import Amount, MinimumCapacity, Ordering, Policy
from tests.support.builders import NOON, a_drain, a_host, a_look, look, minutes, seen_host

MANY = Policy(max_unavailable=Amount(100, percent=True))
WEEKDAYS = frozenset(range(5))
RAMP_UP = PlanPhase("ramp-up", WEEKDAYS, time(6), 50, 80)
OFF_PEAK = PlanPhase("off-peak", WEEKDAYS, time(20), 20, 90)
PLAN = PlanSeen("sp", True, "Exclude", "Europe/Berlin", (RAMP_UP, OFF_PEAK))
FAILED = Ending(Phase.FAILED, "RestartFailed", "it failed", attention=True)


def pool_of(hosts: int, sessions: int = 0, plans: tuple[PlanSeen, ...] = ()) -> Seen:
    facts = PoolFacts(PoolSeen("hp", PoolType.POOLED, 10), plans)
    listed = [seen_host(f"h{n}", sessions=sessions) for n in range(hosts)]
    return replace(a_look(*listed), facts=facts, sessions=None)


def space(policy: Policy, seen: Seen) -> Room:
    return room(policy, (), seen, NOON)


def queued(number: int) -> list[HostRecord]:
    return [a_host(f"h{n}") for n in range(number)]


def out_after(policy: Policy, hosts: list[HostRecord], seen: Seen) -> int:
    decision = look(a_drain(*hosts, policy=policy), seen)
    return sum(host.phase in OUT for host in decision.drain.hosts)


def test_so_many_hosts_stay_available() -> None:
    policy = replace(MANY, minimum_available=Amount(3))
    found = space(policy, pool_of(4))
    assert (found.free, found.text) == (1, "4 of 4 hosts available, 3 must stay")
    assert out_after(policy, queued(4), pool_of(4)) == 1


def test_a_percentage_that_must_stay_rounds_up() -> None:
    assert space(replace(MANY, minimum_available=Amount(50, True)), pool_of(5)).free == 2


def test_room_for_the_sessions_there_are_and_some_more_stays() -> None:
    """Four hosts of ten, 16 sessions and a quarter more: 20 places must stay, so two may go."""
    policy = replace(MANY, minimum_capacity=MinimumCapacity(head_room_percent=25))
    assert space(policy, pool_of(4, sessions=4)).free == 2
    assert out_after(policy, queued(4), pool_of(4, sessions=4)) == 2


def test_a_floor_that_counts_sessions_reads_them_for_what_hosts_tell_of_them_lags() -> None:
    for counting in (
        replace(MANY, minimum_capacity=MinimumCapacity()),
        replace(MANY, scaling_plan_floor=True),
    ):
        assert needs_of(a_drain(*queued(2), policy=counting), {}, None, going=True).sessions
        assert not needs_of(a_drain(*queued(2), policy=counting), {}, None, going=False).sessions
    assert not needs_of(a_drain(*queued(2), policy=MANY), {}, None, going=True).sessions


def test_room_for_a_fixed_number_of_sessions_stays() -> None:
    policy = replace(MANY, minimum_capacity=MinimumCapacity(sessions=31))
    assert space(policy, pool_of(4)).free == 0


def test_the_strictest_limit_holds_and_says_so() -> None:
    policy = replace(MANY, minimum_available=Amount(3), max_unavailable=Amount(2))
    assert "3 must stay" in space(policy, pool_of(4)).text


def test_the_scaling_plans_floor_is_that_of_the_phase_in_force_in_its_own_zone() -> None:
    """NOON is a Monday, 13:00 in Berlin: the ramp-up still holds."""
    policy = replace(MANY, scaling_plan_floor=True)
    found = space(policy, pool_of(4, plans=(PLAN,)))
    assert found.free == 2
    assert "the ramp-up of scaling plan 'sp'" in found.text


def test_a_phase_lasts_over_days_that_no_schedule_names() -> None:
    sunday = NOON - minutes(24 * 60)
    phase = phase_at(PLAN, sunday)
    assert phase is not None
    assert phase.name == "off-peak"


def test_the_plans_capacity_threshold_keeps_hosts_too() -> None:
    assert hosts_needed(RAMP_UP, hosts=4, sessions=25, limit=10) == 4
    assert hosts_needed(RAMP_UP, hosts=4, sessions=1, limit=10) == 2


def test_a_canary_goes_alone_and_the_others_when_it_is_well() -> None:
    policy = replace(MANY, canary=True)
    assert out_after(policy, queued(4), pool_of(4)) == 1
    done = a_host("h0", Phase.DONE, batch=0)
    assert out_after(policy, [done, *queued(4)[1:]], pool_of(4)) == 3


def test_batches_grow_as_they_are_listed_and_the_last_repeats() -> None:
    policy = replace(MANY, batches=(Amount(1), Amount(2)))
    hosts = queued(6)
    taken = []
    for _ in range(4):
        batch = batches.current(policy, hosts)
        assert batch is not None
        taken.append(batch.size)
        waiting = [n for n, h in enumerate(hosts) if h.phase is Phase.QUEUED][: batch.free]
        for n in waiting:
            hosts[n] = replace(a_host(f"h{n}", Phase.DONE), batch=batch.number)
    assert taken == [1, 2, 2, 2]


def test_the_next_batch_waits_until_all_of_this_one_have_ended() -> None:
    policy = replace(MANY, batches=(Amount(2),))
    hosts = [
        a_host("h0", Phase.DONE, batch=0),
        a_host("h1", Phase.VERIFYING, batch=0),
        a_host("h2"),
    ]
    batch = batches.current(policy, hosts)
    assert batch is not None
    assert batch.free == 0
    assert "1 of them not back yet" in batch.text


def test_after_a_failure_the_next_batch_is_one_host_alone() -> None:
    policy = replace(MANY, batches=(Amount(3),))
    hosts = [a_host("h0", Phase.FAILED, batch=0, ending=FAILED), *queued(5)[1:]]
    batch = batches.current(policy, hosts)
    assert batch is not None
    assert (batch.number, batch.size) == (1, 1)


def test_once_the_failure_budget_is_spent_no_further_host_goes_out() -> None:
    policy = replace(MANY, failure_budget=Amount(1))
    hosts = [a_host("h0", Phase.FAILED, ending=FAILED), a_host("h1")]
    decision = look(a_drain(*hosts, policy=policy), pool_of(2))
    assert decision.drain.hosts[1].phase is Phase.CANCELED
    assert decision.drain.progress.status == "Failed"


def test_a_host_that_was_given_up_because_users_stayed_is_no_failure() -> None:
    policy = replace(MANY, failure_budget=Amount(1))
    gave_up = Ending(Phase.FAILED, "GaveUp", "users stayed")
    hosts = [a_host("h0", Phase.FAILED, ending=gave_up), a_host("h1")]
    assert out_after(policy, hosts, pool_of(2)) == 1


def test_a_host_whose_turn_does_not_come_in_time_is_left_alone() -> None:
    policy = Policy(start_within=minutes(60))
    seen = a_look(seen_host("a"), seen_host("b", drained=True), at=NOON + minutes(60))
    decision = look(a_drain(a_host("a"), policy=policy), seen)
    ending = decision.drain.hosts[0].ending
    assert ending is not None
    assert ending.code == "NotInTime"


def test_hosts_go_out_in_the_order_that_is_asked_for() -> None:
    listed = [seen_host("h0", sessions=5), seen_host("h1", sessions=1), seen_host("h2", sessions=3)]
    seen = replace(
        a_look(*listed), maintained={"h0": NOON, "h1": NOON - minutes(9), "h2": NOON - minutes(1)}
    )
    first = {}
    for ordering in Ordering:
        policy = Policy(order=ordering)
        decision = look(a_drain(*queued(3), policy=policy), seen)
        [first[ordering]] = [h.key for h in decision.drain.hosts if h.phase in OUT]
    assert first == {
        Ordering.EMPTIEST_FIRST: "h1",
        Ordering.AS_LISTED: "h0",
        Ordering.LONGEST_SINCE_MAINTENANCE: "h1",
    }


def test_hosts_that_are_out_count_though_a_listing_lacks_them() -> None:
    """A list may be cut short: what it lacks is no place for another host."""
    mine = (a_host("gone", Phase.DRAINING), *queued(3))
    seen = pool_of(3)
    found = room(Policy(max_unavailable=Amount(1)), mine, seen, NOON)
    assert (found.free, found.out) == (0, {"gone": "in this drain"})
    others = replace(seen, out_for_others={"gone": "hp-2"})
    assert room(Policy(max_unavailable=Amount(1)), queued(3), others, NOON).free == 0
    half = room(Policy(max_unavailable=Amount(50, percent=True)), mine, seen, NOON)
    assert half.text == "1 of 2 hosts is out: 1 in this drain"


def test_a_floor_of_a_plan_whose_schedules_cannot_be_read_lets_no_host_go() -> None:
    seen = pool_of(4, plans=(replace(PLAN, phases=None),))
    found = space(replace(MANY, scaling_plan_floor=True), seen)
    assert (found.free, found.text) == (0, "the schedules of scaling plan 'sp' cannot be read")
    assert space(MANY, seen).free == 4
