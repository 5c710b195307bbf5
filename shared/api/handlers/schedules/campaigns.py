"""Campaigns: start, show, list, order; and the plan of a whole campaign, before anything is
touched."""

import uuid
from dataclasses import replace

from shared.api.handlers.drains.orders import unknown_order
from shared.api.handlers.reaching import hiding, must_reach_all_of, pools_of_campaign, reaches
from shared.api.http.paging import listed, page_asked, part_of
from shared.api.http.versions import etag, required_version
from shared.api.http.web import Request, Response, dry_run, idempotency_key
from shared.api.views.campaign import CampaignPlan, DrainPlan, WavePlan, campaign_view, drain_plan
from shared.core.host.orders import Order
from shared.core.schedules.campaigns import Campaign
from shared.core.values import uniques
from shared.engine.drains import intake
from shared.engine.drains.trial import tried
from shared.engine.schedules import campaigning
from shared.engine.world.outside import Outside
from shared.errors import RequestRefusedError, invalid
from shared.wire.bodies import read
from shared.wire.campaigns import CampaignBody
from shared.wire.commands import read_asked, start_of
from shared.wire.newcampaigns import campaign_of
from shared.wire.orders import OrderBody


async def start(outside: Outside, request: Request, by: str) -> Response:
    """POST campaigns: 202 with the campaign. ``?dryRun=true``: 200 with every drain's plan; nothing
    is touched."""
    body = read_asked(CampaignBody, request.body, outside.options.allowed)
    must_reach_all_of(request.caller, frozenset(drain.pool() for _, drain in body.drains()))
    if dry_run(request):
        return Response(200, await _foreseen(outside, request, body, by))
    unique = _unique(request, idempotency_key(request))
    asked = campaign_of(request.body, unique, request.base)
    if await outside.campaigns.get(campaigning.campaign_id(unique)) is None:
        looked = await tried(outside, body.drains(), request.base, by)
        if looked.faults:
            raise invalid(tuple(looked.faults))
        asked = replace(asked, warnings=tuple(looked.warnings), caller=request.caller.id)
    made = await campaigning.start(outside, asked, by)
    headers = {"Location": request.address(f"campaigns/{made.id}"), "Retry-After": "5"}
    return Response(
        202, campaign_view(made, outside.clock.now()), {**headers, "ETag": etag(made.version)}
    )


def _unique(request: Request, key: str) -> str:
    """Whoever is limited to some pools has keys of their own: else they would learn of campaigns on others by keys
    that are taken. (A drain's id has its pool in it.)"""
    if not key:
        return uniques.of_callers_campaign(uuid.uuid4().hex)
    own = "" if request.caller.reach.whole else request.caller.id
    return uniques.of_callers_campaign(key, own)


async def _foreseen(
    outside: Outside, request: Request, body: CampaignBody, by: str
) -> CampaignPlan:
    waves: list[WavePlan] = []
    for wave in body.waves:
        plans: list[DrainPlan] = []
        for drain in wave.drains:
            asked = start_of(drain, outside.clock.now(), uuid.uuid4().hex, request.base)
            try:
                plan = drain_plan(drain, [], await intake.preview(outside, asked, by))
            except RequestRefusedError as refused:
                plan = drain_plan(drain, list(refused.texts), None)
            plans.append(plan)
        waves.append({"name": wave.name, "drains": plans})
    return {"reason": body.reason, "waves": waves}


async def show(outside: Outside, request: Request, by: str) -> Response:
    """GET campaigns/{id}."""
    return _shown(outside, await _reached(outside, request))


async def index(outside: Outside, request: Request, by: str) -> Response:
    """GET campaigns, the newest first."""
    most, token = page_asked(request)
    found = await campaigning.listed(outside)
    mine = [each for each in found if reaches(request.caller, pools_of_campaign(each))]
    page = part_of(mine, most, token)
    return listed(
        request,
        "campaigns",
        page,
        [campaign_view(each, outside.clock.now()) for each in page.items],
    )


async def order(outside: Outside, request: Request, by: str) -> Response:
    """POST campaigns/{id}/{order}: 200 with the campaign. Needs ``If-Match``."""
    what = request.path["order"]
    if what not in ORDERS:
        raise unknown_order(what, ORDERS)
    on = required_version(request, "campaign")
    body = read(OrderBody, request.body, optional=True)
    await _reached(outside, request)
    given = Order(by, outside.clock.now(), body.reason)
    found = await campaigning.order(outside, request.path["id"], on, what, given)
    return _shown(outside, found)


async def _reached(outside: Outside, request: Request) -> Campaign:
    """The campaign in the path. Raises RequestRefusedError if there is none, or one of its pools is beyond the caller's
    reach."""
    unknown = campaigning.unknown(request.path["id"])
    with hiding(request.caller, unknown):
        found = await campaigning.find(outside, request.path["id"])
    must_reach_all_of(request.caller, pools_of_campaign(found), unknown)
    return found


def _shown(outside: Outside, found: Campaign) -> Response:
    """200 with a campaign. Its ETag changes with every order, like a drain's."""
    return Response(200, campaign_view(found, outside.clock.now()), {"ETag": etag(found.version)})


ORDERS = ("pause", "resume", "cancel")
