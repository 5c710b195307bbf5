"""What is worth telling, and who is told of it."""

from dataclasses import replace
from typing import Any

import pytest

from shared.core.access.roles import Reach
from shared.core.drain.announcements import newly_in_need
from shared.core.drain.happenings import Kind, Level
from shared.core.drain.history.facts import StatusChanged
from shared.core.drain.history.history import Entry
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.core.notifications.derived import LONGEST, MOST_HOSTS, of_entries, of_run
from shared.core.notifications.rules import (
    NotificationRule,
    Notifications,
    receivers_of,
)
from shared.core.schedules.report import UsersTold, report
from shared.core.schedules.schedules import Run, RunState, Schedule, What
from tests.support.builders import NOON, POOL, a_drain, a_host
from tests.support.lanes import DESK, happening, needing


def test_it_is_told_by_typed_entries_whatever_their_sentences_say() -> None:
    drain = needing(1)
    before = replace(drain, hosts=tuple(replace(h, ending=None) for h in drain.hosts))
    entries = [
        Entry(NOON, StatusChanged(Status.NOT_STARTED, Status.RUNNING)),
        *newly_in_need(before, drain, NOON),
        Entry(NOON, StatusChanged(Status.RUNNING, Status.FAILED)),
        Entry(NOON, StatusChanged(Status.NOT_STARTED, Status.CANCELED), why="needs attention"),
    ]
    found = [made for _, made in of_entries(drain, entries)]
    assert [(made.kind, made.level) for made in found] == [
        (Kind.DRAIN_STARTED, Level.INFO),
        (Kind.DRAIN_ENDED, Level.ERROR),
        (Kind.DRAIN_ENDED, Level.WARNING),
        (Kind.HOST_ATTENTION, Level.ERROR),
    ]
    assert found[-1].host == drain.hosts[0].name
    assert found[1].counts == {"failed": 1, "needAttention": 1}


def test_of_very_many_hosts_the_first_are_told_and_how_many_more_there_are() -> None:
    drain = needing(50)
    before = replace(drain, hosts=tuple(replace(h, ending=None) for h in drain.hosts))
    found = [made for _, made in of_entries(drain, newly_in_need(before, drain, NOON))]
    assert len(found) == MOST_HOSTS + 1
    assert found[-1].text == "30 more hosts of the drain need attention"


def test_hostile_texts_are_one_short_line() -> None:
    control = replace(a_drain().control, reason="x\n\u202e\x00" * 900)
    drain = replace(a_drain(), control=control)
    [(_, made)] = of_entries(drain, [Entry(NOON, StatusChanged(Status.RUNNING, Status.SUCCEEDED))])
    assert made.reason.isprintable()
    assert len(made.reason) <= LONGEST


def test_an_address_that_is_not_known_is_none() -> None:
    entry = Entry(NOON, StatusChanged(Status.RUNNING, Status.SUCCEEDED))
    for address, told in (
        ("https://a/api/", "https://a/api/"),
        ("https://address-not-known.invalid/api/", ""),
    ):
        control = replace(a_drain().control, address=address)
        [(_, made)] = of_entries(replace(a_drain(), control=control), [entry])
        assert made.address == told


def test_a_report_is_as_bad_as_what_it_tells() -> None:
    schedule = Schedule("nightly", "0 2 * * *", "UTC", What.DRAIN, "{}")
    run = Run("nightly", NOON, RunState.ENDED)
    well = replace(a_drain(), hosts=(replace(a_host(), phase=Phase.DONE),))
    for drain, level in ((well, Level.INFO), (needing(1), Level.ERROR)):
        told = replace(run, report=report(schedule, run, [(drain, UsersTold())], None))
        made = of_run(told, "")
        assert made is not None
        assert (made.level, made.pools) == (level, (POOL.resource_id,))
    refused = of_run(replace(run, state=RunState.REFUSED, text="no such pool"), "")
    assert refused is not None
    assert (refused.level, "no such pool" in refused.text) == (Level.ERROR, True)
    for state in (RunState.STARTING, RunState.RUNNING, RunState.SKIPPED):
        assert of_run(replace(run, state=state), "") is None


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        ({}, True),
        ({"kinds": frozenset({Kind.HOST_ATTENTION})}, True),
        ({"kinds": frozenset({Kind.DRAIN_ENDED})}, False),
        ({"at_least": Level.ERROR}, True),
        ({"pools": Reach(("HP-*",))}, True),
        ({"pools": Reach((POOL.resource_id,))}, True),
        ({"pools": Reach(("other",))}, False),
        ({"asked_by": ("AN*",)}, True),
        ({"asked_by": ("ben", "campaign *")}, False),
    ],
)
def test_a_rule_fits_where_all_of_it_does(rule: dict[str, Any], fits: bool) -> None:
    known = Notifications((DESK,), (NotificationRule("r", ("desk",), **rule),))
    assert receivers_of(known, happening()) == ((DESK,) if fits else ())


def test_what_names_no_pool_or_none_that_can_be_read_is_told_only_where_all_pools_are_meant() -> (
    None
):
    limited = NotificationRule("r", ("desk",), pools=Reach(("*",)))
    for pools in ((), ("no pool",)):
        assert not limited.fits(happening(pools=pools))
        assert NotificationRule("r", ("desk",)).fits(happening(pools=pools))
