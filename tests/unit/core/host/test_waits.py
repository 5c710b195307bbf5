"""Another wait is the only change that it makes."""

from dataclasses import fields, replace
from typing import Any

from shared.core.host.host import HostRecord, Wait
from shared.core.host.phases import Phase
from tests.support.builders import NOON, a_host, minutes

WAIT = Wait("turn", "its turn", NOON, NOON + minutes(1))


def test_another_wait_changes_nothing_else() -> None:
    host = a_host("a", phase=Phase.DRAINING, sessions_count=7, trouble="no", redrains=2)
    assert host.with_wait(WAIT) == replace(host, wait=WAIT)
    assert host.with_wait(WAIT).with_wait(None) == replace(host, wait=None)


def test_hosts_that_differ_in_anything_but_their_wait_are_told_apart() -> None:
    host = a_host("a")
    assert host.is_but_for_wait(replace(host, wait=WAIT))
    for each in fields(HostRecord):
        if each.name != "wait":
            other: dict[str, Any] = {each.name: "another"}
            assert not host.is_but_for_wait(replace(host, **other))
