"""What a reader is told of a drain's hosts without reading their records."""

from collections import Counter
from datetime import timedelta

from hypothesis import given, strategies as st

from shared.core.drain.summary.overview import MOST_EXTENSIONS, overview_of
from shared.core.drain.summary.tally import MOST, tally_of
from shared.core.host.host import Ending, HostRecord, Wait
from shared.core.host.orders import Extension, Order
from shared.core.host.phases import TERMINAL, Phase
from shared.core.host.status import Status
from shared.wire.views.ending import error_of
from tests.support.builders import NOON, a_drain, a_host, minutes


def waiting(key: str, since: int, text: str = "users to leave") -> HostRecord:
    wait = Wait("users", text, NOON + minutes(since), NOON)
    return a_host(key, Phase.DRAINING, wait=wait)


def failed(key: str, text: str = "it is not well") -> HostRecord:
    return a_host(key, Phase.FAILED, ending=Ending(Phase.FAILED, "NotWell", text, attention=True))


def test_hosts_are_counted_by_phase_in_the_order_of_the_phases() -> None:
    tally = tally_of([a_host("a", Phase.DONE), a_host("b"), a_host("c"), a_host("d", Phase.EMPTY)])
    assert list(tally.phases.items()) == [(Phase.QUEUED, 2), (Phase.EMPTY, 1), (Phase.DONE, 1)]
    assert tally.hosts == 4


def test_what_hosts_wait_for_is_told_once_in_the_words_of_the_one_that_waits_longest() -> None:
    tally = tally_of([waiting("a", 5), waiting("b", 1, "3 users to leave"), waiting("c", 7)])
    [wait] = tally.waits
    assert (wait.hosts, wait.text, wait.since) == (3, "3 users to leave", NOON + minutes(1))


HOSTS = st.lists(
    st.builds(
        lambda phase, wait, needs, overdue: a_host(
            phase=phase, wait=wait, overdue=overdue, ending=needs if phase in TERMINAL else None
        ),
        st.sampled_from(Phase),
        st.sampled_from([None, Wait("a", "one", NOON, NOON), Wait("b", "two", NOON, NOON)]),
        st.sampled_from([None, Ending(Phase.FAILED, "X", "x", attention=True)]),
        st.sampled_from(["", "out for too long"]),
    ),
    max_size=8,
)


@given(HOSTS)
def test_every_host_counts_once_whatever_comes_before_it(hosts: list[HostRecord]) -> None:
    tally = tally_of(hosts)
    assert tally.phases == Counter(host.phase for host in hosts)
    assert tally.needing == sum(bool(host.attention) for host in hosts)
    waits = Counter(h.wait.code for h in hosts if h.wait is not None and not h.ended)
    assert {wait.code: wait.hosts for wait in tally.waits} == waits


def test_a_host_whose_wait_is_not_known_yet_is_not_counted_with_those_that_wait() -> None:
    turn = Wait("turn", "its turn", NOON, NOON)
    [wait] = tally_of([a_host("a"), a_host("b", wait=turn), a_host("c", wait=turn)]).waits
    assert wait.hosts == 2


def test_a_host_that_has_ended_waits_for_nothing() -> None:
    over = a_host("a", Phase.DONE, wait=Wait("users", "x", NOON, NOON))
    assert tally_of([over]).waits == ()


def test_only_sessions_on_hosts_that_are_out_are_counted() -> None:
    out, not_yet = a_host("a", Phase.DRAINING, sessions_count=3), a_host("b", sessions_count=5)
    assert tally_of([out, not_yet]).sessions == 3


def test_it_is_no_larger_for_many_hosts_than_for_some() -> None:
    tally = tally_of([failed(f"h{n:04d}", "x" * 5000) for n in range(1000)])
    assert (tally.needing, tally.bad) == (1000, 1000)
    assert len(tally.attention) == len(tally.unsuccessful) == MOST
    assert max(len(named.text) for named in tally.attention) <= 300


def test_those_that_failed_are_named_before_those_that_were_left_alone() -> None:
    skipped = [
        a_host(f"s{n}", Phase.SKIPPED, ending=Ending(Phase.SKIPPED, "Skipped", "left alone"))
        for n in range(MOST)
    ]
    tally = tally_of([*skipped, failed("z")])
    assert tally.unsuccessful[0].name == "Z"
    assert len(tally.unsuccessful) == MOST


def test_an_error_says_how_many_hosts_it_does_not_name() -> None:
    drain = a_drain(*(failed(f"h{n}") for n in range(MOST + 5)))
    error = error_of(overview_of(drain))
    assert (
        error["message"]
        == "0 of 25 hosts are done; see details for the others (the first 20 of 25)"
    )
    assert len(error["details"]) == MOST
    few = error_of(overview_of(a_drain(failed("a"), a_host("b", Phase.DONE))))
    assert few["message"] == "1 of 2 hosts are done; see details for the others"
    assert few["target"] == "A"


def test_an_overview_holds_the_latest_extensions_and_how_many_there_were() -> None:
    given = tuple(
        Extension(Order("anna", NOON, str(n)), timedelta(hours=1), frozenset("abc"))
        for n in range(30)
    )
    told = overview_of(a_drain(extensions=given))
    assert [e.asked.why for e in told.extensions] == [str(n) for n in range(20, 30)]
    assert len(told.extensions) == MOST_EXTENSIONS
    assert told.extensions[0].hosts == 3
    assert told.extensions_given == 30
    assert told.progress.status is Status.NOT_STARTED
