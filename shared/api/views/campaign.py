"""Campaigns, and what one would do."""

from typing import NotRequired, TypedDict

from pydantic import with_config

from shared.api.views.order import PauseView, pause_view
from shared.api.views.plan import PlanView
from shared.core.schedules.campaigns import STOP_CLOCKS, Campaign, Slot
from shared.wire.views.words import CLOSED, StatusWord, Time, time


@with_config(CLOSED)
class SlotView(TypedDict):
    hostPool: str
    drain: str | None
    status: StatusWord
    text: str | None


@with_config(CLOSED)
class WaveView(TypedDict):
    name: str
    sideBySide: int | None
    failures: int
    drains: list[SlotView]


@with_config(CLOSED)
class NotedView(TypedDict):
    at: Time | None
    what: str


@with_config(CLOSED)
class CampaignView(TypedDict):
    """A campaign: `stopped` says why no further wave begins."""

    id: str
    status: StatusWord
    reason: str
    askedBy: str
    askedAt: Time | None
    startedAt: Time | None
    endedAt: Time | None
    paused: PauseView | None
    stopped: str | None
    waves: list[WaveView]
    history: list[NotedView]


@with_config(CLOSED)
class CampaignList(TypedDict):
    value: list[CampaignView]
    nextLink: NotRequired[str]


@with_config(CLOSED)
class DrainPlan(TypedDict):
    """What one drain of a campaign would do, or why it would be refused."""

    hostPool: str
    refused: list[str]
    plan: PlanView | None


@with_config(CLOSED)
class WavePlan(TypedDict):
    name: str
    drains: list[DrainPlan]


@with_config(CLOSED)
class CampaignPlan(TypedDict):
    """The whole night on one page."""

    reason: str
    waves: list[WavePlan]


def campaign_view(campaign: Campaign) -> CampaignView:
    return {
        "id": campaign.id,
        "status": campaign.status.value,
        "reason": campaign.reason,
        "askedBy": campaign.asked.by,
        "askedAt": time(campaign.asked.at),
        "startedAt": time(campaign.started_at),
        "endedAt": time(campaign.ended_at),
        "paused": pause_view(campaign.pause, stop_clocks=STOP_CLOCKS),
        "stopped": campaign.stopped or None,
        "waves": [
            {
                "name": wave.name,
                "sideBySide": wave.side_by_side,
                "failures": wave.failures,
                "drains": [_slot(slot) for slot in campaign.of_wave(number)],
            }
            for number, wave in enumerate(campaign.waves)
        ],
        "history": [{"at": time(at), "what": what} for at, what in campaign.log],
    }


def _slot(slot: Slot) -> SlotView:
    return {
        "hostPool": slot.pool,
        "drain": slot.drain or None,
        "status": slot.status.value if slot.status is not None else "NotStarted",
        "text": slot.text or None,
    }
