"""Campaigns: drains of several pools, in waves. A wave begins when the one before has succeeded.

A campaign starts drains and looks at them. Each drain follows its own policy; only which one begins
when is decided here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from shared.core.drain.expected import Forecast
from shared.core.host.orders import Order
from shared.core.host.status import ENDED, Status
from shared.core.values.texts import count


@dataclass(frozen=True, slots=True)
class Slot:
    """One drain of a campaign. ``request``: its body, as JSON. ``status`` None: it has not begun."""

    wave: int
    pool: str
    request: str
    drain: str = ""
    status: Status | None = None
    text: str = ""
    """Why it could not be started, or how it ended."""

    @property
    def over(self) -> bool:
        """Whether its drain has ended."""
        return self.status in ENDED

    @property
    def well(self) -> bool:
        """Whether it has succeeded."""
        return self.status is Status.SUCCEEDED


@dataclass(frozen=True, slots=True)
class Wave:
    """``side_by_side``: how many of its drains run at once; None: all. ``failures``: how many of
    them may end without success while the next wave still begins."""

    name: str
    side_by_side: int | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A well-formed request for a campaign."""

    reason: str
    waves: tuple[Wave, ...]
    slots: tuple[Slot, ...]
    unique: str
    digest: str
    address: str
    warnings: tuple[str, ...] = ()
    """What may keep a drain from being started, for the campaign's log."""
    caller: str = ""
    """Identifies the caller, whatever name they give."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign and how far it is."""

    id: str
    reason: str
    asked: Order
    waves: tuple[Wave, ...]
    slots: tuple[Slot, ...]
    digest: str
    address: str = ""
    status: Status = Status.NOT_STARTED
    cancel: Order | None = None
    pause: Order | None = None
    """The pause that lasts; None if it is not paused."""
    orders: int = 0
    """How many orders changed something."""
    stopped: str = ""
    """Why no further wave begins; empty if one may."""
    look_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    log: tuple[tuple[datetime, str], ...] = ()
    caller: str = ""
    """Identifies the caller who asked for it; empty if that is not known."""
    forecast: Forecast | None = None
    """The latest forecast; None if there is none. No rule depends on it."""

    @property
    def version(self) -> str:
        """Changes with every order, not with the campaign's progress."""
        return f"{self.id}:{self.orders}"

    @property
    def named(self) -> str:
        """The campaign's name in orders that it gives to its drains."""
        return f"campaign {self.id} of {self.asked.by}"

    def of_wave(self, number: int) -> tuple[Slot, ...]:
        """The slots of a wave, by its number from 0."""
        return tuple(slot for slot in self.slots if slot.wave == number)


@dataclass(frozen=True, slots=True)
class DrainSeen:
    """What a campaign needs to know about one of its drains."""

    status: Status
    text: str
    paused: bool = False
    paused_by: str = ""
    """The id of the campaign that paused it; empty if somebody else did, or it is not paused."""


@dataclass(frozen=True, slots=True)
class BeginSlot:
    """Start the drain of a slot. ``slot``: its number in the campaign, from 0."""

    slot: int


@dataclass(frozen=True, slots=True)
class Pass:
    """Give an order to a drain: ``cancel``, ``pause`` or ``resume``."""

    drain: str
    order: str


MOST_LOG = 200
STOP_CLOCKS = True
"""A campaign's pause moves the deadlines of its drains."""


def decide(
    campaign: Campaign, drains: Mapping[str, DrainSeen], now: datetime
) -> tuple[Campaign, tuple[BeginSlot | Pass, ...]]:
    """The campaign's next state and what to do. Each act may be repeated without harm."""
    seen = tuple(_seen(slot, drains) for slot in campaign.slots)
    after = replace(campaign, slots=seen, started_at=campaign.started_at or now)
    acts: list[BeginSlot | Pass] = list(_passed_on(after, drains))
    begins: tuple[int, ...] = ()
    if after.cancel is None and not after.stopped:
        wave, stopped = _wave_now(after)
        if stopped:
            after = noted(replace(after, stopped=stopped), now, f"stopped: {stopped}")
        elif wave is not None and after.pause is None:
            begins = _begins(after, wave)
    acts += [BeginSlot(number) for number in begins]
    return _with_status(after, now, bool(begins)), tuple(acts)


def noted(campaign: Campaign, now: datetime, text: str) -> Campaign:
    """The campaign with one more line in its log."""
    return replace(campaign, log=(*campaign.log, (now, text))[-MOST_LOG:])


def _seen(slot: Slot, drains: Mapping[str, DrainSeen]) -> Slot:
    here = drains.get(slot.drain)
    return slot if here is None else replace(slot, status=here.status, text=here.text)


def _passed_on(campaign: Campaign, drains: Mapping[str, DrainSeen]) -> Iterable[Pass]:
    for slot in campaign.slots:
        here = drains.get(slot.drain)
        if here is None or slot.over:
            continue
        if campaign.cancel is not None:
            yield Pass(slot.drain, "cancel")
        elif campaign.pause is not None and not here.paused:
            yield Pass(slot.drain, "pause")
        elif campaign.pause is None and here.paused_by == campaign.id:
            yield Pass(slot.drain, "resume")  # a drain that a person paused stays paused


def _wave_now(campaign: Campaign) -> tuple[int | None, str]:
    """The current wave; None if there is none. Also why no further wave may begin; empty if one
    may."""
    for number, wave in enumerate(campaign.waves):
        slots = campaign.of_wave(number)
        bad = [slot for slot in slots if slot.over and not slot.well]
        if len(bad) > wave.failures:
            named = ", ".join(f"{slot.pool}: {slot.text or slot.status}" for slot in bad)
            many = count(len(bad), "drain")
            return None, f"wave '{wave.name}' was not well: {many} of {len(slots)} ({named})"
        if not all(slot.over for slot in slots):
            return number, ""
    return None, ""


def _begins(campaign: Campaign, wave: int) -> tuple[int, ...]:
    running = sum(1 for slot in campaign.of_wave(wave) if slot.drain and not slot.over)
    most = campaign.waves[wave].side_by_side
    free = len(campaign.slots) if most is None else max(0, most - running)
    waits = [n for n, s in enumerate(campaign.slots) if s.wave == wave and s.status is None]
    return tuple(waits[:free])


def _with_status(campaign: Campaign, now: datetime, begins: bool) -> Campaign:
    running = any(slot.drain and not slot.over for slot in campaign.slots)
    waits = any(slot.status is None for slot in campaign.slots)
    no_more = campaign.cancel is not None or bool(campaign.stopped)
    if running or begins or (waits and not no_more):
        return replace(campaign, status=Status.RUNNING)
    if campaign.cancel is not None:
        status = Status.CANCELED
    elif campaign.stopped or not all(slot.well for slot in campaign.slots):
        status = Status.FAILED
    else:
        status = Status.SUCCEEDED
    ended = noted(replace(campaign, status=status, ended_at=now, look_at=None), now, f"{status}")
    return ended if campaign.status not in ENDED else campaign
