"""What holds for whatever pool, policy and moment: properties of the pure functions."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from shared.core.access.allowed import Allowed, Script
from shared.core.admission.batches import current
from shared.core.admission.capacity import room
from shared.core.admission.picking import in_order as hosts_in_order
from shared.core.host.host import HostRecord
from shared.core.host.orders import Extension, Order, Pause
from shared.core.host.phases import OUT, Phase
from shared.core.host.status import percent_of
from shared.core.observation.seen import Seen
from shared.core.policy import policychecks
from shared.core.policy.policy import Amount, Message, MinimumCapacity, Ordering, Policy
from shared.core.start.filters import Known, select
from shared.core.start.plan import plan
from shared.core.start.selection import Selection
from shared.core.users.deadlines import due_at
from shared.core.users.messages import due_messages, in_order
from shared.core.values.hostnames import resolve
from shared.core.values.hostpool import HostPoolId
from shared.errors import RequestRefusedError
from shared.wire.bodies import read
from shared.wire.start import StartBody
from tests.support.builders import (
    NOON,
    POOL,
    a_drain,
    a_host,
    a_look,
    a_session,
    after,
    look,
    minutes,
    seen_host,
)
from tests.support.told_policies import POLICIES

amounts = st.one_of(
    st.integers(1, 12).map(Amount), st.integers(1, 100).map(lambda n: Amount(n, percent=True))
)
policies = st.builds(
    Policy,
    max_unavailable=amounts,
    minimum_available=st.none() | amounts,
    minimum_capacity=st.none()
    | st.builds(MinimumCapacity, st.integers(0, 60), st.integers(0, 100)),
    canary=st.booleans(),
    batches=st.lists(amounts, max_size=3).map(tuple),
    order=st.sampled_from(Ordering),
)


@st.composite
def pools(draw: st.DrawFn) -> Seen:
    """Hosts that are drained, not well, or in use, in any mixture."""
    number = draw(st.integers(1, 10))
    hosts = [
        seen_host(
            f"h{n}",
            drained=draw(st.booleans()),
            status=draw(st.sampled_from(("Available", "Shutdown", "NeedsAssistance"))),
            sessions=draw(st.integers(0, 9)),
        )
        for n in range(number)
    ]
    return replace(a_look(*hosts), sessions=None)


def usable(seen: Seen) -> set[str]:
    return {h.key for h in seen.hosts.values() if h.allow_new_session and h.status != "Shutdown"}


def taken(policy: Policy, seen: Seen) -> set[str]:
    queued = [a_host(key) for key in seen.hosts]
    decision = look(a_drain(*queued, policy=policy), seen)
    return {host.key for host in decision.drain.hosts if host.phase in OUT}


@given(policies, pools())
def test_no_step_takes_a_pool_below_any_of_its_floors(policy: Policy, seen: Seen) -> None:
    went, total = taken(policy, seen), len(seen.hosts)
    if not went & usable(seen):
        return  # whoever is out already takes nobody's place
    left = len(usable(seen) - went)
    assert total - left <= policy.max_unavailable.of(total)
    if policy.minimum_available is not None:
        assert left >= policy.minimum_available.at_least_of(total)
    if policy.minimum_capacity is not None:
        assert left * 10 >= policy.minimum_capacity.sessions


@given(policies, pools())
def test_what_a_floor_says_is_free_can_be_taken_and_no_more(policy: Policy, seen: Seen) -> None:
    space = room(replace(policy, canary=False, batches=()), (), seen, NOON)
    free = space.free
    for key in sorted(usable(seen))[:free]:
        assert space.fits(key)
        space.take(key)
    assert space.free == 0 or len(usable(seen)) <= free


@given(policies, st.integers(1, 10))
def test_a_batch_is_never_larger_than_the_drain_and_never_none(policy: Policy, number: int) -> None:
    batch = current(policy, [a_host(f"h{n}") for n in range(number)])
    if batch is not None:
        assert batch.free >= 1
        assert batch.number == 0
        assert not policy.canary or batch.size == 1


@given(st.sampled_from(Ordering), pools())
def test_an_order_leaves_out_nobody_and_says_the_same_again(order: Ordering, seen: Seen) -> None:
    hosts = [a_host(key) for key in seen.hosts]
    found = hosts_in_order(order, hosts, seen)
    assert sorted(h.key for h in found) == sorted(h.key for h in hosts)
    assert hosts_in_order(order, found, seen) == found
    if order is Ordering.EMPTIEST_FIRST:
        counts = [seen.hosts[h.key].sessions for h in found]
        assert counts == sorted(counts)


durations = st.integers(1, 600).map(minutes)


@st.composite
def clocked(draw: st.DrawFn) -> tuple[HostRecord, dict[str, object], timedelta]:
    """A host that is out, with extensions and pauses, and how long after it was taken out."""
    order = Order("anna", NOON)
    given: dict[str, object] = {
        "extensions": tuple(Extension(order, d) for d in draw(st.lists(durations, max_size=3))),
        "pauses": tuple(
            Pause(Order("anna", NOON + start), draw(st.booleans()), Order("anna", NOON + start + d))
            for start, d in draw(st.lists(st.tuples(durations, durations), max_size=1))
        ),
    }
    return a_host(phase=Phase.DRAINING), given, draw(durations)


@given(clocked(), durations)
def test_a_deadline_only_ever_moves_away(
    case: tuple[HostRecord, dict[str, object], timedelta], deadline: timedelta
) -> None:
    host, given_, later = case
    control = a_drain(host, policy=Policy(deadline=deadline), **given_).control
    first, then = due_at(control, host, NOON), due_at(control, host, NOON + later)
    assert first is not None
    assert then is not None
    assert NOON + deadline <= first <= then


@given(st.lists(st.none() | durations, min_size=1, max_size=5), durations)
def test_messages_fall_due_in_their_order_and_each_once(
    befores: list[timedelta | None], deadline: timedelta
) -> None:
    messages = tuple(Message(title=str(n), before_deadline=b) for n, b in enumerate(befores))
    policy = Policy(messages=messages, deadline=deadline)
    ordered = in_order(policy)
    assert sorted(m.title for m in ordered) == sorted(m.title for m in messages)
    times = [m.before_deadline for m in ordered if m.before_deadline is not None]
    assert times == sorted(times, reverse=True)
    control = a_drain(policy=policy).control
    for at in (NOON, NOON + deadline / 2, NOON + deadline):
        sent = due_messages(control, a_host(phase=Phase.DRAINING), NOON + deadline, at)
        assert sent == ()  # nobody is there to be told


names = st.sets(st.sampled_from("abcdefgh"), min_size=1).map(sorted)


@given(names, st.data())
def test_a_selection_parts_a_pool_into_the_chosen_and_the_excluded(
    here: list[str], data: st.DataObject
) -> None:
    hosts = [seen_host(f"{name}.contoso.example") for name in here]
    wanted = data.draw(st.none() | st.lists(st.sampled_from(here)).map(tuple))
    without = data.draw(st.lists(st.sampled_from(here)).map(tuple))
    selection = Selection(names=wanted or None, exclude_names=without)
    chosen, excluded, faults = select(selection, hosts, Known({}, {}), POOL)
    assert faults == ()
    assert sorted([h.name for h in chosen] + [e.name for e in excluded]) == sorted(
        h.name for h in hosts
    )
    assert all(e.text for e in excluded)
    assert not {h.key.split(".")[0] for h in chosen} & set(without)


@given(names, st.text(max_size=40))
def test_whatever_is_named_it_is_one_host_or_a_fault_that_says_so(
    here: list[str], named: str
) -> None:
    hosts = [seen_host(f"{name}.contoso.example") for name in here]
    found, faults = resolve([named], hosts, POOL)
    assert len(found) + len(faults) == 1


@given(st.lists(st.sampled_from(Phase), max_size=12))
def test_a_drain_is_at_100_percent_when_all_have_ended_and_not_before(phases: list[Phase]) -> None:
    ended = all(a_host(phase=phase).ended for phase in phases)
    assert (percent_of(Counter(phases)) == 100) is ended


@given(st.uuids(), st.from_regex(r"[A-Za-z0-9_.-]{3,30}", fullmatch=True))
def test_a_pools_id_is_the_same_in_any_letter_case(subscription: object, name: str) -> None:
    pool = HostPoolId(str(subscription), "rg", name)
    for text in (pool.resource_id, pool.resource_id.upper(), pool.resource_id.lower()):
        assert HostPoolId.parse(text).key == pool.key


ALLOWED = Allowed({"patch": Script("echo")}, ("hooks.example",))


def accepted(policy: dict[str, Any]) -> Policy | None:
    """As a start reads it; None if it is refused."""
    told = {"hostPool": POOL.resource_id, "hosts": "all", "reason": "r", "policy": policy}
    try:
        record = read(StartBody, json.dumps(told).encode()).policy_record()
    except RequestRefusedError:
        return None
    if any(True for _ in policychecks.faults(record, ALLOWED)):
        return None
    late = record.deadline_at is not None and record.deadline_at <= NOON
    return None if late else record


moments = st.sampled_from([timedelta(0), minutes(5), minutes(600), timedelta(days=8)])


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(POLICIES, pools(), st.lists(moments, min_size=1, max_size=6), st.sampled_from(Phase))
def test_what_a_start_accepts_can_be_planned_and_decided(
    told: dict[str, Any], seen: Seen, later: list[timedelta], phase: Phase
) -> None:
    """Whatever its values: an exception in a step would stop the drain, and its way back."""
    policy = accepted(told)
    if policy is None:
        return
    someone = a_session(next(iter(seen.hosts)))
    seen = replace(seen, sessions={someone.host_key: (someone,)})
    first, *others = seen.hosts
    hosts = [a_host(first, phase), *(a_host(key) for key in others)]
    drain = a_drain(*hosts, policy=policy, zone=policy.time_zone or "UTC")
    plan(a_drain(*(a_host(key) for key in seen.hosts), policy=policy), seen, NOON)
    at = NOON
    for passed in later:
        at += passed
        drain = after(look(drain, replace(seen, hosts_began_at=at, hosts_ended_at=at)))
