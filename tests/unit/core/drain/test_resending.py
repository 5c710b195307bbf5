"""For which late drains the timer sends."""

from datetime import timedelta

from shared.core.drain.resending import is_sent_for
from tests.support.builders import NOON

MOMENT = timedelta(microseconds=1)


def test_a_drain_in_whose_pool_nobody_works_is_sent_for() -> None:
    assert is_sent_for(None, NOON)


def test_a_drain_whose_step_is_slow_is_not_sent_for() -> None:
    assert not is_sent_for(NOON + MOMENT, NOON)


def test_a_drain_whose_worker_died_is_sent_for_as_soon_as_the_lease_has_run_out() -> None:
    assert is_sent_for(NOON, NOON)
    assert is_sent_for(NOON - timedelta(days=1), NOON)
