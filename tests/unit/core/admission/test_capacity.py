"""How many hosts may be out, and who counts."""

import pytest
from hypothesis import given, strategies as st

from shared.core.admission.capacity import room
from shared.core.host.phases import OUT, Phase
from shared.core.policy.policy import Amount, Policy
from tests.support.builders import NOON, a_drain, a_host, a_look, look, seen_host

TWO = Policy(max_unavailable=Amount(2))


def test_a_host_in_drain_mode_counts_whoever_drained_it() -> None:
    seen = a_look(seen_host("a", drained=True), seen_host("b"))
    assert room(TWO, (), seen, NOON).out == {"a": "drained by someone else"}


@pytest.mark.parametrize("status", ["Unavailable", "Shutdown", "NoHeartbeat", "Upgrading"])
def test_a_host_that_is_not_well_counts(status: str) -> None:
    seen = a_look(seen_host("a", status=status), seen_host("b"))
    assert room(TWO, (), seen, NOON).out == {"a": f"with status {status}"}


def test_when_others_have_taken_more_than_the_policy_allows_it_says_so() -> None:
    seen = a_look(seen_host("a", drained=True), seen_host("b", drained=True), seen_host("c"))
    text = room(Policy(max_unavailable=Amount(1)), (), seen, NOON).text
    assert text == "2 hosts are out, 1 may be: 2 drained by someone else"


def test_a_host_that_needs_assistance_serves_users_and_does_not_count() -> None:
    seen = a_look(seen_host("a", status="NeedsAssistance"))
    assert room(TWO, (), seen, NOON).out == {}


def test_a_host_that_another_drain_holds_counts_before_any_listing_shows_it() -> None:
    seen = a_look(seen_host("a"), seen_host("b"), out_for_others={"a": "hp-2"})
    assert room(TWO, (), seen, NOON).out == {"a": "in drain hp-2"}


def test_a_percentage_rounds_down_but_never_to_none() -> None:
    assert Amount(25, percent=True).of(10) == 2
    assert Amount(10, percent=True).of(5) == 1


def test_no_more_hosts_go_out_than_the_policy_says() -> None:
    drain = a_drain(*(a_host(key) for key in "abcd"), policy=TWO)
    decision = look(drain, a_look(*(seen_host(key) for key in "abcd")))
    assert [h.phase for h in decision.drain.hosts].count(Phase.DRAINING) == 2


def test_a_host_that_waits_says_why() -> None:
    drain = a_drain(*(a_host(key) for key in "abc"), policy=TWO)
    decision = look(drain, a_look(*(seen_host(key) for key in "abc")))
    [waiting] = [h for h in decision.drain.hosts if h.phase is Phase.QUEUED]
    assert waiting.wait is not None
    assert waiting.wait.text == "its turn: 2 of 2 hosts are out: 2 in this drain"


def test_a_host_that_an_administrator_had_drained_takes_nobodys_turn() -> None:
    """It is out already: working on it leaves no fewer hosts for users."""
    drain = a_drain(a_host("a"), a_host("b"), policy=Policy(max_unavailable=Amount(1)))
    decision = look(drain, a_look(seen_host("a", drained=True), seen_host("b")))
    phases = {h.key: h.phase for h in decision.drain.hosts}
    assert phases == {"a": Phase.DRAINING, "b": Phase.QUEUED}


def test_the_emptiest_host_goes_first() -> None:
    drain = a_drain(a_host("a"), a_host("b"), policy=Policy(max_unavailable=Amount(1)))
    decision = look(drain, a_look(seen_host("a", sessions=5), seen_host("b", sessions=1)))
    assert {h.key for h in decision.drain.hosts if h.phase is Phase.DRAINING} == {"b"}


hosts_in_any_state = st.lists(
    st.tuples(
        st.booleans(),
        st.sampled_from(["Available", "Shutdown", "Unavailable"]),
        st.booleans(),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=12,
)


@given(hosts_in_any_state, st.integers(1, 6), st.booleans())
def test_whatever_the_pool_looks_like_nobody_goes_out_beyond_the_floor(
    states: list[tuple[bool, str, bool, int]], most: int, percent: bool
) -> None:
    policy = Policy(max_unavailable=Amount(most * 10 if percent else most, percent))
    listed = [
        seen_host(str(n), drained=drained, status=status, sessions=sessions)
        for n, (drained, status, _, sessions) in enumerate(states)
    ]
    ours = [a_host(str(n)) for n, (*_, chosen, _) in enumerate(states) if chosen]
    seen = a_look(*listed)
    already = len(room(policy, (), seen, NOON).out)
    decision = look(a_drain(*(ours or [a_host("0")]), policy=policy), seen)
    out = {h.key for h in decision.drain.hosts if h.phase in OUT}
    unavailable = {h.key for h in listed if not h.allow_new_session or h.status != "Available"}
    assert len(out | unavailable) <= max(already, policy.max_unavailable.of(len(listed)))
