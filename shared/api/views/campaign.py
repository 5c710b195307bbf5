"""Campaigns, and what one would do."""

from datetime import datetime

from shared.api.views.drains.expected import ExpectedView, expected_view
from shared.api.views.drains.order import PauseView, pause_view
from shared.api.views.drains.plan import PlanView, plan_view
from shared.api.views.page import page_of
from shared.core.host.status import ENDED
from shared.core.schedules.campaigns import STOP_CLOCKS, Campaign, Slot
from shared.engine.drains.intake import Preview
from shared.wire.start import StartBody
from shared.wire.views.words import StatusWord, Time, View, time


class SlotView(View):
    """One drain of a campaign."""

    hostPool: str
    """The host pool's resource id."""
    drain: str | None
    """The id of its drain, once that is started."""
    status: StatusWord
    """How far the drain is."""
    text: str | None
    """Why it could not be started, or how it ended."""


class WaveView(View):
    """Drains that belong together."""

    name: str
    """The wave's name."""
    sideBySide: int | None
    """So many of its drains run at once; null: all."""
    failures: int
    """So many of them may end otherwise than well, and the next wave still begins."""
    drains: list[SlotView]
    """Each of its drains."""


class NotedView(View):
    """A line of a campaign's history."""

    at: Time | None
    """When."""
    what: str
    """What was done, and by whom."""


class CampaignView(View):
    """A campaign: `stopped` says why no further wave begins."""

    id: str
    """What the campaign is asked for by."""
    status: StatusWord
    """How far it is as a whole."""
    reason: str
    """Why it was asked for."""
    askedBy: str
    """Who asked for it."""
    askedAt: Time | None
    """When it was asked for."""
    startedAt: Time | None
    """When it was first looked at."""
    endedAt: Time | None
    """When it was over."""
    expectedEnd: ExpectedView | None
    """When it is expected to be over; null once it is, and before its first look."""
    paused: PauseView | None
    """The pause that lasts; null if there is none."""
    stopped: str | None
    """Why no further wave begins."""
    waves: list[WaveView]
    """Each wave with its drains."""
    history: list[NotedView]
    """What was done, oldest first."""


CampaignList = page_of("CampaignList", CampaignView, "Campaigns, the newest first.")


class DrainPlan(View):
    """What one drain of a campaign would do, or why it would be refused."""

    hostPool: str
    """The host pool's resource id."""
    refused: list[str]
    """Why it would be refused; empty if it would not."""
    plan: PlanView | None
    """What it would do; null if it would be refused."""


class WavePlan(View):
    """What the drains of a wave would do."""

    name: str
    """The wave's name."""
    drains: list[DrainPlan]
    """What each of its drains would do."""


class CampaignPlan(View):
    """The whole night on one page."""

    reason: str
    """Why it is asked for."""
    waves: list[WavePlan]
    """Each wave with the plans of its drains."""


def drain_plan(drain: StartBody, refused: list[str], preview: Preview | None) -> DrainPlan:
    plan = plan_view(preview) if preview is not None else None
    return {"hostPool": drain.pool().resource_id, "refused": refused, "plan": plan}


def campaign_view(campaign: Campaign, now: datetime) -> CampaignView:
    forecast = campaign.forecast if campaign.status not in ENDED else None
    return {
        "id": campaign.id,
        "status": campaign.status.value,
        "reason": campaign.reason,
        "askedBy": campaign.asked.by,
        "askedAt": time(campaign.asked.at),
        "startedAt": time(campaign.started_at),
        "endedAt": time(campaign.ended_at),
        "expectedEnd": expected_view(forecast.whole if forecast is not None else None, now),
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
