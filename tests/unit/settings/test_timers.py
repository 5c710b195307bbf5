"""Timers' schedules: what the Functions host would not index stops the start."""

import pytest

from shared.errors import RequestRefusedError
from shared.settings.settings import SettingsError, load
from shared.wire.bodies import read
from shared.wire.orders import PauseBody
from shared.wire.start import PolicyBody, SelectionBody
from tests.unit.settings.test_settings import GOOD

TIMERS = ("TICK_SCHEDULE", "WATCHDOG_SCHEDULE", "NIGHTLY_SCHEDULE")


@pytest.mark.parametrize("name", TIMERS)
def test_a_timer_that_is_missing_stops_the_start(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}: missing"):
        load({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize("name", TIMERS)
@pytest.mark.parametrize(
    "wrong", ["every day", "* * * *", "60 * * * * *", "* * 24 * * *", "24:00:00", "*/0 * * * * *"]
)
def test_a_timer_that_is_malformed_stops_the_start(name: str, wrong: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}: an NCRONTAB"):
        load(GOOD | {name: wrong})


@pytest.mark.parametrize(
    "good", ["*/5 * * * *", "0 30 9 * Jan Mon-Fri", "0 5,8-10 * * * *", "00:05:00"]
)
def test_a_timer_that_the_host_reads_is_taken(good: str) -> None:
    assert load(GOOD | {"TICK_SCHEDULE": good}).tick_schedule == good


def test_a_number_of_hosts_may_be_a_text_and_a_switch_may_not() -> None:
    policy = read(PolicyBody, b'{"maxUnavailable": "2"}')
    assert policy == read(PolicyBody, b'{"maxUnavailable": 2}')
    for body in (b'{"stopClocks": "true"}', b'{"stopClocks": 1}'):
        with pytest.raises(RequestRefusedError):
            read(PauseBody, body)
    with pytest.raises(RequestRefusedError):
        read(SelectionBody, b'{"atMost": "3"}')
