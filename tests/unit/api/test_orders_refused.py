"""An order that can have no effect is refused, and says why."""

from types import SimpleNamespace
from typing import Any

import pytest

from shared.api.handlers.drains.orders import MOST_ORDERS, ORDERS, _can_matter
from shared.core.host.status import Status
from shared.errors import RequestRefusedError


def a_drain(status: Status = Status.RUNNING, paused: Any = None, given: int = 0) -> Any:
    return SimpleNamespace(
        paused=paused,
        extensions_given=given,
        pauses_given=given,
        progress=SimpleNamespace(status=status),
    )


def code(drain: Any, what: str) -> str:
    with pytest.raises(RequestRefusedError) as refused:
        _can_matter(drain, what)
    return refused.value.code


@pytest.mark.parametrize("what", ORDERS)
def test_nothing_can_be_asked_of_a_drain_that_has_ended(what: str) -> None:
    assert code(a_drain(Status.SUCCEEDED), what) == "DrainEnded"


def test_a_drain_is_paused_once_and_resumed_if_it_is_paused() -> None:
    assert code(a_drain(paused=object()), "pause") == "AlreadyPaused"
    assert code(a_drain(), "resume") == "NotPaused"


def test_extensions_are_bounded_and_what_brings_hosts_back_is_not() -> None:
    full = a_drain(given=MOST_ORDERS, paused=object())
    assert code(full, "extend") == "TooManyOrders"
    for what in ("cancel", "release", "skip", "resume"):
        _can_matter(full, what)
