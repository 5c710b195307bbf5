"""What is remembered of sessions: what a listing does not tell of one makes no other of it."""

from dataclasses import replace
from typing import Any

import pytest

from shared.core.host.host import HostRecord
from shared.core.host.phases import Phase
from shared.core.observation.sessions import put, track
from tests.support.builders import NOON, a_host, a_session, minutes

TOLD = a_session()


def told_once() -> HostRecord:
    host = track(a_host(phase=Phase.DRAINING), [TOLD], NOON)
    return put(host, replace(host.sessions[0], messages_done=1, messages_sent=1))


@pytest.mark.parametrize(
    "less",
    [
        {"created_at": None},
        {"user": ""},
        {"user": "CONTOSO\\bert"},
        {"created_at": None, "user": "CONTOSO\\bert", "account": "CONTOSO\\bert"},
    ],
)
def test_a_session_of_which_less_is_told_is_the_one_that_is_known(less: dict[str, Any]) -> None:
    host = track(told_once(), [replace(TOLD, **less)], NOON + minutes(1))
    [record] = host.sessions
    assert (record.messages_sent, record.user, record.created_at) == (1, TOLD.user, TOLD.created_at)
    [again] = track(host, [TOLD], NOON + minutes(2)).sessions
    assert again.messages_sent == 1


def test_what_is_told_later_is_added_to_what_is_known() -> None:
    host = track(a_host(phase=Phase.DRAINING), [replace(TOLD, created_at=None)], NOON)
    [record] = track(host, [TOLD], NOON).sessions
    assert record.created_at == TOLD.created_at


@pytest.mark.parametrize(
    "other",
    [{"created_at": NOON}, {"id": "2"}, {"created_at": None, "user": "anna@contoso.example"}],
)
def test_a_later_session_with_the_same_id_is_another(other: dict[str, Any]) -> None:
    [record] = track(told_once(), [replace(TOLD, **other)], NOON + minutes(1)).sessions
    assert record.messages_sent == 0


def test_a_listing_that_shows_one_twice_counts_it_once() -> None:
    host = track(a_host(phase=Phase.DRAINING), [TOLD, replace(TOLD, created_at=None)], NOON)
    assert host.sessions_count == 1


def test_sessions_without_an_id_are_only_themselves() -> None:
    two = [replace(TOLD, id=""), replace(TOLD, id="", user="anna@contoso.example")]
    host = track(a_host(phase=Phase.DRAINING), two, NOON)
    assert host.sessions_count == 2
