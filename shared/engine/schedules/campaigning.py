"""Carries out campaigns: looks at their drains, decides, and starts or orders what is due. Every
act can be repeated, and a record is replaced only at the version that was read, so two instances do
no harm."""

import hashlib
from dataclasses import replace
from datetime import timedelta

from shared.core.drain.model import Drain
from shared.core.host.orders import Order
from shared.core.host.phases import Phase
from shared.core.host.status import ENDED, Status
from shared.core.schedules.campaigns import (
    MOST_LOG,
    STOP_CLOCKS,
    BeginSlot,
    Campaign,
    DrainSeen,
    NewCampaign,
    Pass,
    decide,
    noted,
)
from shared.core.values import uniques
from shared.core.values.hostpool import HostPoolId
from shared.core.values.texts import count
from shared.engine.drains import intake, orders
from shared.engine.schedules.campaignend import foreseen
from shared.engine.world.each import each, error_text
from shared.engine.world.outside import Outside
from shared.engine.world.records import every, taken_back
from shared.engine.world.together import AT_ONCE
from shared.errors import (
    ANY,
    ChangedError,
    OutsideError,
    RefusalKind,
    RequestRefusedError,
    busy,
    require_version,
    too_many,
)
from shared.ports import StepCampaign
from shared.wire.commands import start_kept

_TRIES = 5


async def start(outside: Outside, asked: NewCampaign, by: str) -> Campaign:
    """Record a new campaign and send its first message; or return the campaign that the same
    idempotency key started. Raises RequestRefusedError."""
    now = outside.clock.now()
    id_ = campaign_id(asked.unique)
    await _has_room(outside, id_, asked.caller)
    made = Campaign(
        id_, asked.reason, Order(by, now, asked.reason), asked.waves, asked.slots, asked.digest,
        asked.address, look_at=now,
        log=tuple((now, f"warning: {text}") for text in asked.warnings[:MOST_LOG // 2]),
        caller=asked.caller,
    )  # fmt: skip
    await outside.store.note_work(StepCampaign(id_), now)
    try:
        await outside.campaigns.insert(id_, made)
    except ChangedError:
        known, _ = await _find(outside, id_)
        if known.digest != asked.digest:
            text = "this idempotency key was used for a campaign with another request body"
            raise RequestRefusedError(RefusalKind.CONFLICT, "IdempotencyKeyReused", text) from None
        made = known
    else:
        await _keeps_room(outside, made)
    await outside.queue.send(StepCampaign(id_), timedelta(0))
    return made


async def _has_room(outside: Outside, id_: str, caller: str) -> None:
    """Raises RequestRefusedError if the caller has as many open campaigns as allowed, unless this
    campaign is one of them, requested again."""
    if not caller:
        return
    most, mine = outside.options.limits.campaigns, await _open_of(outside, caller)
    if len(mine) >= most and id_ not in mine:
        raise too_many("campaign", len(mine), most)


async def _keeps_room(outside: Outside, made: Campaign) -> None:
    """Count again, after this campaign was recorded, so that concurrent requests together do not exceed the limit. Raises
    RequestRefusedError, and then the campaign is removed. A campaign that the timer has begun by then stays."""
    most = outside.options.limits.campaigns
    if not made.caller or len(await _open_of(outside, made.caller)) <= most:
        return
    if not await taken_back(outside.campaigns, made.id, made):
        return
    await outside.store.note_work(StepCampaign(made.id), None)
    raise too_many("campaign", most, most)


async def _open_of(outside: Outside, caller: str) -> set[str]:
    return {c.id for c in await listed(outside) if c.caller == caller and c.status not in ENDED}


async def find(outside: Outside, id_: str) -> Campaign:
    """A campaign by id. Raises RequestRefusedError if there is none."""
    return (await _find(outside, id_))[0]


async def listed(outside: Outside) -> list[Campaign]:
    """All campaigns, the newest first."""
    found = await every(outside.campaigns)
    return sorted(found, key=lambda campaign: campaign.asked.at, reverse=True)


async def order(outside: Outside, id_: str, on: str, what: str, given: Order) -> Campaign:
    """Order ``cancel``, ``pause`` or ``resume`` at version ``on`` (or any). A campaign that has
    ended stays as it is. Raises RequestRefusedError if something else was ordered since that
    version."""
    for _ in range(_TRIES):
        found, version = await _find(outside, id_)
        require_version("campaign", on, found.version)
        if found.status in ENDED:
            return found
        changed = {
            "cancel": replace(found, cancel=found.cancel or given),
            "pause": replace(found, pause=found.pause or given),
            "resume": replace(found, pause=None),
        }[what]
        if changed == found:
            return found
        why = f": {given.why}" if given.why else ""
        counted = replace(changed, orders=found.orders + 1)
        after = noted(counted, given.at, f"{what} asked for by {given.by}{why}")
        try:
            await outside.campaigns.replace(id_, after, version)
        except ChangedError:
            continue
        await outside.queue.send(StepCampaign(id_), timedelta(0))
        return after
    raise busy("CampaignBusy", "the campaign changes all the time: try again")


async def step(outside: Outside, id_: str) -> None:
    """Move a campaign on by one look, and send the message for the next one."""
    known = await outside.campaigns.get(id_)
    if known is None or known[0].status in ENDED:
        await outside.store.note_work(StepCampaign(id_), None)
        return
    found, version = known
    now = outside.clock.now()
    drains, gone = await _drains(outside, found)
    after, acts = decide(
        _without(found, gone), {id_: _seen(drain) for id_, drain in drains.items()}, now
    )

    async def act(what: BeginSlot | Pass) -> None:
        nonlocal after
        after = await _act(outside, after, what)

    for what, error in await each(f"{id_}:", acts, act):
        text = f"not yet: {_named(after, what)}: {error_text(error)}"
        if not any(text == line for _, line in after.log):
            after = noted(after, now, text)
    after = await foreseen(outside, found, after, drains)
    look_at = now + (outside.options.pace.soon if acts else outside.options.pace.usual)
    after = replace(after, look_at=look_at if after.status not in ENDED else None)
    if after != found:
        try:
            await outside.campaigns.replace(id_, after, version)
        except ChangedError:
            look_at = now  # an order came meanwhile: the acts are repeated, without harm
    over = after.status in ENDED and after.look_at is None
    await outside.store.note_work(StepCampaign(id_), None if over else look_at)
    if not over:
        await outside.queue.send(StepCampaign(id_), max(timedelta(0), look_at - now))


async def _drains(outside: Outside, campaign: Campaign) -> tuple[dict[str, Drain], set[str]]:
    """The campaign's drains that are not over and can be read, and the ids of those that have no
    record."""
    found: dict[str, Drain] = {}
    gone: set[str] = set()

    async def load(id_: str) -> None:
        drain = await outside.store.load(id_)
        if drain is None:
            gone.add(id_)
        else:
            found[id_] = drain

    ids = [slot.drain for slot in campaign.slots if slot.drain and not slot.over]
    await each(f"{campaign.id}, drain", ids, load, at_once=AT_ONCE)
    return found, gone


def _without(campaign: Campaign, gone: set[str]) -> Campaign:
    """The campaign with drains in ``gone`` counted as failed: without a record nobody can say how
    they ended."""
    text = "its record is gone: how it ended cannot be told"
    slots = tuple(
        replace(slot, status=Status.FAILED, text=text) if slot.drain in gone else slot
        for slot in campaign.slots
    )
    return replace(campaign, slots=slots)


def _named(campaign: Campaign, act: BeginSlot | Pass) -> str:
    match act:
        case Pass(drain, what):
            return f"{what} of {drain}"
        case BeginSlot(number):
            return f"start in {HostPoolId.parse(campaign.slots[number].pool).name}"


def _seen(drain: Drain) -> DrainSeen:
    """A drain as the campaign's rules see it. Its text gives each reason why hosts are not done,
    once."""
    reasons: dict[str, list[str]] = {}
    for host in drain.hosts:
        why = host.attention
        if not why and host.ended and host.ending is not None and host.phase is not Phase.DONE:
            why = host.ending.text
        if why:
            reasons.setdefault(why, []).append(host.name)
    lines = [
        f"{hosts[0] if len(hosts) == 1 else count(len(hosts), 'host')}: {why}"
        for why, hosts in reasons.items()
    ]
    pause = drain.control.paused
    paused_by = pause.campaign if pause is not None else ""
    text = "; ".join(lines)[:500]
    return DrainSeen(drain.progress.status, text, pause is not None, paused_by)


async def _act(outside: Outside, campaign: Campaign, act: BeginSlot | Pass) -> Campaign:
    """Carry out one act. A passing failure leaves the act to be decided again at the next look."""
    now, by = outside.clock.now(), campaign.named
    match act:
        case Pass(drain, what):
            given = campaign.cancel or campaign.pause or campaign.asked
            order = Order(by, now, given.why or f"the campaign's {what}")
            if what == "cancel":
                await orders.cancel(outside, drain, ANY, order)
            elif what == "pause":
                await orders.pause(outside, drain, ANY, STOP_CLOCKS, order, campaign.id)
            else:
                await orders.resume(outside, drain, ANY, order)
            return noted(campaign, now, f"{what} handed on to {drain}")
        case BeginSlot(number):
            slot = campaign.slots[number]
            unique = uniques.of_slot(campaign.id, number)
            try:
                drain_ = await intake.start(
                    outside, start_kept(slot.request, now, unique, campaign.address), by
                )
                begun = replace(slot, drain=drain_.id, status=drain_.progress.status, text="")
                text = f"started drain {drain_.id}"
            except RequestRefusedError as refused:
                texts = "; ".join(refused.texts)
                status, told = (None, "not yet") if refused.passing else (Status.FAILED, "refused")
                begun = replace(slot, status=status, text=texts[:500])
                text = f"{HostPoolId.parse(slot.pool).name}: {told}: {texts}"
            except OutsideError as error:
                begun, text = replace(slot, text=str(error)), f"{slot.pool}: not yet: {error}"
            if begun == slot:  # nothing that the log does not tell already
                return campaign
            slots = (*campaign.slots[:number], begun, *campaign.slots[number + 1 :])
            return noted(replace(campaign, slots=slots), now, text)


async def _find(outside: Outside, id_: str) -> tuple[Campaign, str]:
    found = await outside.campaigns.get(id_) if id_.startswith("campaign-") else None
    if found is None:
        raise unknown(id_)
    return found


def campaign_id(unique: str) -> str:
    return f"campaign-{hashlib.sha256(unique.encode()).hexdigest()[:12]}"


def unknown(id_: str) -> RequestRefusedError:
    text = f"there is no campaign '{id_[:100]}'"
    return RequestRefusedError(RefusalKind.NOT_FOUND, "CampaignNotFound", text)
