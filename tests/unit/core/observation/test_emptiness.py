"""When a host counts as empty."""

from shared.core.host.phases import Phase
from shared.core.observation.emptiness import is_empty, read
from tests.support.builders import NOON, PACE, a_host, a_look, a_session, seconds, seen_host

DRAINED = seen_host(drained=True)


def test_one_reading_without_a_session_is_not_enough() -> None:
    host = read(a_host(phase=Phase.DRAINING), a_look(DRAINED, at=NOON + seconds(1)), PACE)
    assert not is_empty(host)


def test_two_readings_without_a_session_make_it_empty() -> None:
    host = a_host(phase=Phase.DRAINING)
    for at in (1, 6):
        host = read(host, a_look(DRAINED, at=NOON + seconds(at)), PACE)
    assert is_empty(host)


def test_two_readings_of_one_moment_are_one() -> None:
    """An order wakes a drain at once: it looks again before anything can have changed."""
    host = a_host(phase=Phase.DRAINING)
    for at in (1, 1.5, 2):
        host = read(host, a_look(DRAINED, at=NOON + seconds(at)), PACE)
    assert not is_empty(host)
    assert is_empty(read(host, a_look(DRAINED, at=NOON + seconds(6)), PACE))


def test_the_same_reading_does_not_count_twice() -> None:
    host = a_host(phase=Phase.DRAINING)
    for _ in range(2):
        host = read(host, a_look(DRAINED, at=NOON + seconds(1)), PACE)
    assert not is_empty(host)


def test_a_reading_that_began_before_the_drain_took_effect_proves_nothing() -> None:
    host = a_host(phase=Phase.DRAINING, drained_at=NOON + seconds(10))
    host = read(host, a_look(DRAINED, at=NOON + seconds(1)), PACE)
    assert host.empty_since is None


def test_a_session_between_two_empty_readings_starts_the_count_again() -> None:
    host = read(a_host(phase=Phase.DRAINING), a_look(DRAINED, at=NOON + seconds(1)), PACE)
    host = read(host, a_look(DRAINED, at=NOON + seconds(6), sessions=[a_session()]), PACE)
    host = read(host, a_look(DRAINED, at=NOON + seconds(11)), PACE)
    assert not is_empty(host)


def test_a_session_that_appears_later_makes_an_empty_host_not_empty() -> None:
    host = a_host(
        phase=Phase.EMPTY, empty_since=NOON + seconds(1), empty_again_at=NOON + seconds(6)
    )
    host = read(host, a_look(DRAINED, at=NOON + seconds(11), sessions=[a_session()]), PACE)
    assert not is_empty(host)


def test_a_look_that_read_no_sessions_changes_nothing() -> None:
    host = a_host(phase=Phase.DRAINING, empty_since=NOON + seconds(1))
    blind = a_look(DRAINED, at=NOON + seconds(6))
    assert (
        read(host, type(blind)(blind.hosts, blind.hosts_began_at, blind.hosts_ended_at), PACE)
        == host
    )
