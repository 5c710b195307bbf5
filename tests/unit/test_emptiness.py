"""When a host counts as empty."""

from shared.core.emptiness import is_empty, read
from shared.core.phases import Phase
from tests.support.builders import NOON, a_host, a_look, a_session, seconds, seen_host

DRAINED = seen_host(drained=True)


def test_one_reading_without_a_session_is_not_enough() -> None:
    host = read(a_host(phase=Phase.DRAINING), a_look(DRAINED, at=NOON + seconds(1)))
    assert not is_empty(host)


def test_two_readings_without_a_session_make_it_empty() -> None:
    host = a_host(phase=Phase.DRAINING)
    for at in (1, 6):
        host = read(host, a_look(DRAINED, at=NOON + seconds(at)))
    assert is_empty(host)


def test_the_same_reading_does_not_count_twice() -> None:
    host = a_host(phase=Phase.DRAINING)
    for _ in range(2):
        host = read(host, a_look(DRAINED, at=NOON + seconds(1)))
    assert not is_empty(host)


def test_a_reading_that_began_before_the_drain_took_effect_proves_nothing() -> None:
    host = a_host(phase=Phase.DRAINING, drained_at=NOON + seconds(10))
    host = read(host, a_look(DRAINED, at=NOON + seconds(1)))
    assert host.empty_since is None


def test_a_session_between_two_empty_readings_starts_the_count_again() -> None:
    host = read(a_host(phase=Phase.DRAINING), a_look(DRAINED, at=NOON + seconds(1)))
    host = read(host, a_look(DRAINED, at=NOON + seconds(6), sessions=[a_session()]))
    host = read(host, a_look(DRAINED, at=NOON + seconds(11)))
    assert not is_empty(host)


def test_a_session_that_appears_later_makes_an_empty_host_not_empty() -> None:
    host = a_host(
        phase=Phase.EMPTY, empty_since=NOON + seconds(1), empty_again_at=NOON + seconds(6)
    )
    host = read(host, a_look(DRAINED, at=NOON + seconds(11), sessions=[a_session()]))
    assert not is_empty(host)


def test_a_look_that_read_no_sessions_changes_nothing() -> None:
    host = a_host(phase=Phase.DRAINING, empty_since=NOON + seconds(1))
    blind = a_look(DRAINED, at=NOON + seconds(6))
    assert read(host, type(blind)(blind.hosts, blind.hosts_began_at, blind.hosts_ended_at)) == host
