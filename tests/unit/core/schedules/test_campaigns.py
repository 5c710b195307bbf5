"""Which drain of a campaign begins when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.host.orders import Order
from shared.core.host.status import Status
from shared.core.schedules.campaigns import BeginSlot, Campaign, DrainSeen, Pass, Slot, Wave, decide
from tests.support.builders import NOON, POOL

ORDER = Order("anna", NOON, "patches")


def a_campaign(*waves: Wave, drains: tuple[int, ...] = (2, 2)) -> Campaign:
    waves = waves or (Wave("pilots"), Wave("everybody"))
    slots = tuple(
        Slot(number, f"{POOL.resource_id}-{number}{n}", "{}")
        for number, many in enumerate(drains)
        for n in range(many)
    )
    return Campaign("campaign-1", "patches", ORDER, waves, slots, "digest")


def begun(campaign: Campaign, *statuses: Status | None) -> Campaign:
    """The campaign with drains in its slots, in order."""
    slots = list(campaign.slots)
    for number, status in enumerate(statuses):
        if status is not None:
            slots[number] = replace(slots[number], drain=f"d{number}", status=status)
    return replace(campaign, slots=tuple(slots))


def seen(**statuses: Status) -> dict[str, DrainSeen]:
    return {drain: DrainSeen(status, "why") for drain, status in statuses.items()}


RUNNING, GOOD, BAD = Status.RUNNING, Status.SUCCEEDED, Status.FAILED


def test_the_first_wave_begins_as_a_whole() -> None:
    after, acts = decide(a_campaign(), {}, NOON)
    assert acts == (BeginSlot(0), BeginSlot(1))
    assert after.status is RUNNING


def test_or_as_many_side_by_side_as_it_says() -> None:
    campaign = a_campaign(Wave("all", side_by_side=2), drains=(3,))
    assert decide(campaign, {}, NOON)[1] == (BeginSlot(0), BeginSlot(1))
    running = begun(campaign, RUNNING, RUNNING)
    assert decide(running, seen(d0=RUNNING, d1=RUNNING), NOON)[1] == ()
    assert decide(running, seen(d0=GOOD, d1=RUNNING), NOON)[1] == (BeginSlot(2),)


def test_the_next_wave_begins_when_the_one_before_has_ended_and_was_well() -> None:
    campaign = begun(a_campaign(), RUNNING, RUNNING)
    assert decide(campaign, seen(d0=GOOD, d1=RUNNING), NOON)[1] == ()
    assert decide(campaign, seen(d0=GOOD, d1=GOOD), NOON)[1] == (BeginSlot(2), BeginSlot(3))


def test_a_wave_that_was_not_well_stops_the_campaign_and_says_why() -> None:
    after, acts = decide(begun(a_campaign(), RUNNING, RUNNING), seen(d0=BAD, d1=RUNNING), NOON)
    assert acts == ()
    assert "wave 'pilots' was not well: 1 drain of 2" in after.stopped
    assert after.status is RUNNING  # one of its drains still runs
    over, _ = decide(after, seen(d0=BAD, d1=GOOD), NOON)
    assert (over.status, over.ended_at) == (Status.FAILED, NOON)


def test_a_wave_may_bear_failures() -> None:
    campaign = begun(a_campaign(Wave("pilots", failures=1), Wave("all")), RUNNING, RUNNING)
    after, acts = decide(campaign, seen(d0=BAD, d1=GOOD), NOON)
    assert acts == (BeginSlot(2), BeginSlot(3))
    over, _ = decide(begun(after, BAD, GOOD, GOOD, GOOD), {}, NOON)
    assert over.status is Status.FAILED  # it went to its end, and not all was well


def test_all_well_is_success_and_nothing_more_is_done() -> None:
    over, acts = decide(begun(a_campaign(), GOOD, GOOD, GOOD, GOOD), {}, NOON)
    assert (over.status, acts) == (Status.SUCCEEDED, ())
    assert decide(over, {}, NOON + timedelta(hours=1))[0] == over


def test_a_cancel_is_handed_on_and_nothing_begins() -> None:
    campaign = replace(begun(a_campaign(), RUNNING, None), cancel=ORDER)
    after, acts = decide(campaign, seen(d0=RUNNING), NOON)
    assert (after.status, acts) == (RUNNING, (Pass("d0", "cancel"),))
    over, _ = decide(campaign, seen(d0=Status.CANCELED), NOON)
    assert over.status is Status.CANCELED


def test_a_pause_is_handed_on_and_a_resume_undoes_no_pause_of_a_persons() -> None:
    campaign = begun(a_campaign(), RUNNING, None)
    paused = replace(campaign, pause=ORDER)
    assert decide(paused, seen(d0=RUNNING), NOON)[1] == (Pass("d0", "pause"),)
    by_us = {"d0": DrainSeen(RUNNING, "", True, campaign.id)}
    assert decide(paused, by_us, NOON)[1] == ()
    assert decide(campaign, by_us, NOON)[1] == (Pass("d0", "resume"), BeginSlot(1))
    by_bert = {"d0": DrainSeen(RUNNING, "", True)}
    assert decide(paused, by_bert, NOON)[1] == ()
    assert decide(campaign, by_bert, NOON)[1] == (BeginSlot(1),)


@pytest.mark.parametrize("text", ["no such pool", ""])
def test_a_drain_that_could_not_be_started_counts_as_not_well(text: str) -> None:
    slot = replace(a_campaign().slots[0], status=BAD, text=text)
    campaign = replace(a_campaign(), slots=(slot, *a_campaign().slots[1:]))
    assert decide(campaign, {}, NOON)[0].stopped
