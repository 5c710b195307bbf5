"""Campaigns: started, shown, listed, ordered; and the whole night on one page before anything is
touched."""

import uuid
from dataclasses import replace
from typing import Any

from shared.api import resources, shapes
from shared.api.paging import listed, page_asked, part_of
from shared.api.web import Request, Response
from shared.core.host.orders import Order
from shared.core.schedules.campaigns import Campaign, Slot
from shared.core.values import uniques
from shared.engine.drains import intake
from shared.engine.drains.trial import tried
from shared.engine.schedules import campaigning
from shared.engine.world.outside import Outside
from shared.errors import RefusalKind, RequestRefusedError, invalid
from shared.wire.bodies import read
from shared.wire.campaigns import CampaignBody
from shared.wire.commands import campaign_of, start_of
from shared.wire.orders import OrderBody
from shared.wire.start import faults_at
from shared.wire.views.words import time


async def start(outside: Outside, request: Request, by: str) -> Response:
    """POST campaigns: 202; ``?dryRun=true``: 200 with every drain's plan, and nothing is touched."""
    body = read(CampaignBody, request.body)
    if faults := faults_at(body.drains(), outside.options.allowed):
        raise invalid(tuple(faults))
    if request.query.get("dryRun", "").lower() == "true":
        return Response(200, await _foreseen(outside, request, body, by))
    key = request.header("repeatability-request-id") or request.header("idempotency-key")
    unique = uniques.of_callers_campaign(key or uuid.uuid4().hex)
    asked = campaign_of(request.body, unique, request.base)
    if await outside.campaigns.get(campaigning.campaign_id(unique)) is None:
        looked = await tried(outside, body.drains(), request.base, by)
        if looked.faults:
            raise invalid(tuple(looked.faults))
        asked = replace(asked, warnings=tuple(looked.warnings))
    made = await campaigning.start(outside, asked, by)
    headers = {"Location": request.address(f"campaigns/{made.id}"), "Retry-After": "5"}
    return Response(202, campaign_resource(made), headers)


async def _foreseen(
    outside: Outside, request: Request, body: CampaignBody, by: str
) -> shapes.CampaignPlan:
    waves: list[shapes.WavePlan] = []
    for wave in body.waves:
        plans: list[shapes.DrainPlan] = []
        for drain in wave.drains:
            asked = start_of(drain, outside.clock.now(), uuid.uuid4().hex, request.base)
            try:
                preview = await intake.preview(outside, asked, by)
            except RequestRefusedError as refused:
                texts = list(refused.texts)
                plans.append({"hostPool": drain.pool().resource_id, "refused": texts, "plan": None})
                continue
            plan = resources.plan_resource(preview)
            plans.append({"hostPool": drain.pool().resource_id, "refused": [], "plan": plan})
        waves.append({"name": wave.name, "drains": plans})
    return {"reason": body.reason, "waves": waves}


async def show(outside: Outside, request: Request, by: str) -> Response:
    """GET campaigns/{id}."""
    return Response(200, campaign_resource(await campaigning.find(outside, request.path["id"])))


async def index(outside: Outside, request: Request, by: str) -> Response:
    """GET campaigns, the newest first."""
    most, token = page_asked(request)
    page = part_of(await campaigning.listed(outside), most, token)
    return listed(request, "campaigns", page, [campaign_resource(each) for each in page.items])


async def order(outside: Outside, request: Request, by: str) -> Response:
    """POST campaigns/{id}/{order}."""
    what = request.path["order"]
    if what not in ORDERS:
        text = f"there is no order '{what}'; there are {', '.join(ORDERS)}"
        raise RequestRefusedError(RefusalKind.NOT_FOUND, "UnknownOrder", text)
    body = read(OrderBody, request.body, optional=True)
    given = Order(by, outside.clock.now(), body.reason)
    found = await campaigning.order(outside, request.path["id"], what, given)
    return Response(200, campaign_resource(found))


ORDERS = ("pause", "resume", "cancel")


def campaign_resource(campaign: Campaign) -> shapes.CampaignView:
    return {
        "id": campaign.id,
        "status": campaign.status.value,
        "reason": campaign.reason,
        "askedBy": campaign.asked.by,
        "askedAt": time(campaign.asked.at),
        "startedAt": time(campaign.started_at),
        "endedAt": time(campaign.ended_at),
        "paused": campaign.pause is not None,
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


def _slot(slot: Slot) -> Any:
    return {
        "hostPool": slot.pool,
        "drain": slot.drain or None,
        "status": slot.status.value if slot.status is not None else "NotStarted",
        "text": slot.text or None,
    }
