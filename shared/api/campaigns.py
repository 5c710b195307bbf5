"""Campaigns: started, shown, listed, ordered; and the whole night on one page before anything is
touched."""

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Self

from pydantic import Field, StrictInt, model_validator

from shared.api import resources, shapes
from shared.api.bodies import OrderBody, StartBody, read
from shared.api.derived import Body
from shared.api.paging import listed, page_asked, part_of
from shared.api.resources import time
from shared.api.starting import command
from shared.api.trying import tried
from shared.api.web import Request, Response
from shared.core.host.orders import Order
from shared.core.policy.policy import Policy
from shared.core.schedules.campaigns import Campaign, Slot, Wave
from shared.core.values import uniques
from shared.engine.drains import intake
from shared.engine.schedules import campaigning
from shared.engine.world.outside import Outside
from shared.errors import Fault, RefusalKind, RequestRefusedError, invalid

Judge = Callable[[Policy], list[Fault]]


class WaveBody(Body):
    """Drains that belong together: the next wave begins when these have ended, and were well."""

    name: str = Field(min_length=1, max_length=100)
    drains: list[StartBody] = Field(min_length=1, max_length=200)
    side_by_side: StrictInt | None = Field(
        default=None, ge=1, le=200, description="so many at once; left out: all"
    )
    failures: StrictInt = Field(
        default=0, ge=0, le=200,
        description="so many of them may end otherwise than well, and the next wave still begins",
    )  # fmt: skip


class CampaignBody(Body):
    """A request for a campaign."""

    reason: str = Field(min_length=1, max_length=500, description="why; for the history")
    waves: list[WaveBody] = Field(min_length=1, max_length=50)

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [wave.name for wave in self.waves]
        if len(set(names)) < len(names):
            raise ValueError("two waves of one name")
        return self


def faults_of(body: CampaignBody, judge: Judge) -> list[Fault]:
    """What is wrong with the drains' policies as a whole."""
    return [
        Fault(fault.code, f"waves[{w}].drains[{d}].{fault.target}", fault.text)
        for w, wave in enumerate(body.waves)
        for d, drain in enumerate(wave.drains)
        for fault in judge(drain.policy_record())
    ]


def new_campaign(request: bytes, unique: str, address: str) -> campaigning.NewCampaign:
    """Each drain's request is kept as it came. Raises RequestRefusedError."""
    body, told = read(CampaignBody, request), json.loads(request)
    waves = tuple(Wave(wave.name, wave.side_by_side, wave.failures) for wave in body.waves)
    slots = tuple(
        Slot(w, drain.pool().resource_id, json.dumps(told["waves"][w]["drains"][d]))
        for w, wave in enumerate(body.waves)
        for d, drain in enumerate(wave.drains)
    )
    digest = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    return campaigning.NewCampaign(body.reason, waves, slots, unique, digest, address)


def make(outside: Outside, request: str, unique: str, address: str) -> intake.Start:
    """The drain that a slot's, or a schedule's, request stands for; times ago count from now."""
    body = read(StartBody, request.encode())
    return command(body, outside.clock.now(), unique, address)


async def start(outside: Outside, request: Request, by: str) -> Response:
    """POST campaigns: 202; ``?dryRun=true``: 200 with every drain's plan, and nothing is touched."""
    body = read(CampaignBody, request.body)
    if faults := faults_of(body, partial(intake.policy_faults, outside)):
        raise invalid(tuple(faults))
    if request.query.get("dryRun", "").lower() == "true":
        return Response(200, await _foreseen(outside, request, body, by))
    key = request.header("repeatability-request-id") or request.header("idempotency-key")
    unique = uniques.of_callers_campaign(key or uuid.uuid4().hex)
    asked = new_campaign(request.body, unique, request.base)
    if await outside.campaigns.get(campaigning.campaign_id(unique)) is None:
        drains = [
            (f"waves[{w}].drains[{d}].", drain)
            for w, wave in enumerate(body.waves)
            for d, drain in enumerate(wave.drains)
        ]
        looked = await tried(outside, drains, request.base, by)
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
            asked = command(drain, outside.clock.now(), uuid.uuid4().hex, request.base)
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
