"""What waits for one receiver, and how it stands with it: one record a receiver, bounded in number and age.

A lane is changed at the version that was read, so what two instances do at once is done once. A message keeps its
id and its content from its first try to its last, so a receiver can tell a repetition.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from shared.core.drain.happenings import Happening
from shared.core.drain.retry import GIVEN_UP_AFTER, pause_after, refused_for_good
from shared.core.host.outcome import Accepted, Outcome
from shared.core.notifications.message import Item, Message, words
from shared.core.notifications.rules import Receiver
from shared.core.values.pace import Pace
from shared.core.values.window import current

MOST = 200
"""Things that wait. The least bad and oldest goes when there is no room, and that is told."""
LARGEST = 250_000
"""Characters of what waits: a record has its bounds."""
TOGETHER = 20
"""Things of one kind that one message tells."""
BUSY = timedelta(seconds=60)
"""So long nobody else sends: a try takes a quarter of that at most."""
REFUSALS = 3
"""What is refused for good so often, while other things are taken, is given up."""
REMEMBERED = 500
"""Things that were taken: the same is not taken twice."""
LATE = timedelta(minutes=1)
"""A message of the queue that is later than this counts as lost."""
_SHOWN = 20
SHOWN_FOR = timedelta(days=7)
"""So long the doctor tells of what was given up."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """``times``: how often the same came, first at ``first_at``; ``happening`` is the latest. ``message``: the id of the message
    that tells it, once that was tried."""

    happening: Happening
    first_at: datetime
    not_before: datetime
    times: int = 1
    message: str = ""
    tries: int = 0
    refused_since: datetime | None = None
    """When the receiver first said for good that it does not take it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """When a thing was last told; ``about`` is its digest."""

    about: str
    at: datetime


@dataclass(frozen=True, slots=True)
class GivenUp:
    """What was not told, and why."""

    at: datetime
    happening: Happening
    why: str


@dataclass(frozen=True, slots=True)
class Lane:
    receiver: str
    waiting: tuple[Waiting, ...] = ()
    busy_until: datetime | None = None
    """Somebody sends ``sending`` until then."""
    sending: str = ""
    wake_at: datetime | None = None
    """When a message of the queue comes that has the lane looked at."""
    tries: int = 0
    """Messages that failed since the last one that was taken."""
    failing_since: datetime | None = None
    next_try_at: datetime | None = None
    last_result: str = ""
    last_taken_at: datetime | None = None
    taken: int = 0
    """Messages that the receiver took."""
    known: tuple[str, ...] = ()
    """Digests of the latest things that came, the oldest first."""
    sent: tuple[Sent, ...] = ()
    given_up: tuple[GivenUp, ...] = ()
    """The latest, the oldest first."""
    given_up_count: int = 0

    def given_up_since(self, at: datetime) -> tuple[GivenUp, ...]:
        return tuple(each for each in self.given_up if each.at >= at)


def without_old(lane: Lane, before: datetime) -> Lane:
    """The lane without what was given up before that time."""
    return replace(lane, given_up=lane.given_up_since(before))


def added(lane: Lane, happenings: Iterable[Happening], receiver: Receiver, now: datetime) -> Lane:
    """The lane with these to be told. What came before is not taken again; the same thing that waits is
    told once, with how often it came."""
    waiting, known = list(lane.waiting), list(lane.known)
    sent = {each.about: each.at for each in lane.sent if now < each.at + receiver.fold}
    for happening in happenings:
        digest = _digest(happening.id)
        if digest in known:
            continue
        known.append(digest)
        for place, each in enumerate(waiting):
            if each.happening.about == happening.about and not each.message:
                waiting[place] = replace(each, happening=happening, times=each.times + 1)
                break
        else:
            at = now + receiver.settle
            if (about := _digest(happening.about)) in sent:
                at = max(at, sent[about] + receiver.fold)
            waiting.append(Waiting(happening, happening.at, at))
    lane = replace(
        lane,
        waiting=tuple(waiting),
        known=tuple(known[-REMEMBERED:]),
        sent=tuple(Sent(*each) for each in sent.items())[-REMEMBERED:],
    )
    return _with_room(lane, now)


def _with_room(lane: Lane, now: datetime) -> Lane:
    """What is being sent stays."""
    size = sum(each.happening.size for each in lane.waiting)
    while len(lane.waiting) > MOST or size > LARGEST:
        least = min(
            (each for each in lane.waiting if not each.message or each.message != lane.sending),
            key=lambda each: (each.happening.level.rank, bool(each.message), each.first_at),
        )
        size -= least.happening.size
        why = f"there was no room: {len(lane.waiting) - 1} other things waited for this receiver"
        lane = _without(lane, (least,), why, now)
    return lane


def claimed(lane: Lane, receiver: Receiver, now: datetime) -> tuple[Lane, Message | None]:
    """The lane while its next message is sent; None if nothing is due, or somebody else sends."""
    if (lane.busy_until is not None and now < lane.busy_until) or (
        lane.next_try_at is not None and now < lane.next_try_at
    ):
        return lane, None
    ready = [each for each in lane.waiting if _ready_at(each, receiver, now) <= now]
    if not ready:
        return lane, None
    first = min(ready, key=lambda e: (e.tries, -e.happening.level.rank, e.first_at))
    kind = first.happening.kind
    if first.message:
        meant = [each for each in lane.waiting if each.message == first.message]
    else:
        fresh = [each for each in ready if not each.message and each.happening.kind is kind]
        meant = [first, *(each for each in fresh if each is not first)][:TOGETHER]
    id_ = (
        first.message
        or f"{receiver.name}-{_digest(first.happening.id + first.first_at.isoformat())}"
    )
    chosen = {id(each) for each in meant}
    waiting = tuple(replace(e, message=id_) if id(e) in chosen else e for e in lane.waiting)
    abouts = {_digest(each.happening.about) for each in meant}
    sent = (
        *(t for t in lane.sent if t.about not in abouts),
        *(Sent(a, now) for a in sorted(abouts)),
    )
    message = Message(
        id_, kind, tuple(Item(e.happening, e.times, e.first_at) for e in meant),
    )  # fmt: skip
    lane = replace(
        lane, waiting=waiting, sent=sent[-REMEMBERED:], busy_until=now + BUSY, sending=id_
    )
    return lane, message


def looked_at(lane: Lane, now: datetime) -> Lane:
    """The message of the queue that was to come is here."""
    came = lane.wake_at is not None and lane.wake_at <= now
    return replace(lane, wake_at=None) if came else lane


def woken(lane: Lane, receiver: Receiver, now: datetime) -> tuple[Lane, datetime | None]:
    """The lane with a message of the queue that comes in time, and when a new one is to come; None if one comes
    anyway, or nothing waits. So each lane has one message or so, however much waits."""
    due = due_at(lane, receiver, now)
    if due is None:
        return replace(lane, wake_at=None), None
    if lane.wake_at is not None and now - LATE <= lane.wake_at <= max(due, now):
        return lane, None
    return replace(lane, wake_at=due), due


def after_try(lane: Lane, id_: str, outcome: Outcome, now: datetime, pace: Pace) -> Lane:
    """The lane after a message was tried. What the receiver refuses for good, while it takes others, is given up;
    while it takes none, it may be mended."""
    meant = tuple(each for each in lane.waiting if each.message == id_)
    if lane.sending == id_:
        lane = replace(lane, busy_until=None, sending="")
    if isinstance(outcome, Accepted):
        rest = tuple(each for each in lane.waiting if each.message != id_)
        return replace(
            lane, waiting=rest, tries=0, failing_since=None, next_try_at=None, last_taken_at=now,
            last_result=words(outcome), taken=lane.taken + 1,
        )  # fmt: skip
    for_good, result = refused_for_good(outcome), words(outcome)
    tries = lane.tries + 1
    waiting = tuple(_tried(e, now, for_good=for_good) if e in meant else e for e in lane.waiting)
    lane = replace(
        lane, waiting=waiting, tries=tries, failing_since=lane.failing_since or now,
        next_try_at=now + pause_after(tries, pace), last_result=result,
    )  # fmt: skip
    if for_good and any(_takes_others(lane, each) for each in meant):
        again = tuple(each for each in lane.waiting if each.message == id_)
        return _without(lane, again, f"the receiver takes others, and not this: {result}", now)
    return expired(lane, now)


def _tried(waiting: Waiting, now: datetime, *, for_good: bool) -> Waiting:
    since = waiting.refused_since or (now if for_good else None)
    return replace(waiting, tries=waiting.tries + 1, refused_since=since)


def _takes_others(lane: Lane, each: Waiting) -> bool:
    """Whether it took something since it first refused this, of several times."""
    since, taken = each.refused_since, lane.last_taken_at
    often = each.tries + 1 >= REFUSALS
    return often and since is not None and taken is not None and taken >= since


def expired(lane: Lane, now: datetime) -> Lane:
    """Without what the receiver has not taken for too long. It is asked after a try: so whatever waited while the app
    was away has one more."""
    since = lane.failing_since
    if since is None:
        return lane
    old = tuple(
        each
        for each in lane.waiting
        if now >= max(each.not_before, since) + GIVEN_UP_AFTER and each.message != lane.sending
    )
    return _without(lane, old, f"not taken for {GIVEN_UP_AFTER.days} days: {lane.last_result}", now)


def _without(lane: Lane, gone: tuple[Waiting, ...], why: str, now: datetime) -> Lane:
    if not gone:
        return lane
    lost = tuple(GivenUp(now, replace(e.happening, details=(), counts={}), why) for e in gone)
    return replace(
        lane,
        waiting=tuple(each for each in lane.waiting if each not in gone),
        given_up=(*lane.given_up, *lost)[-_SHOWN:],
        given_up_count=lane.given_up_count + len(lost),
    )


def due_at(lane: Lane, receiver: Receiver, now: datetime) -> datetime | None:
    """When the lane is to be looked at next; None: nothing waits."""
    times = [_ready_at(each, receiver, now) for each in lane.waiting]
    if not times:
        return None
    return max(t for t in (min(times), lane.next_try_at, lane.busy_until) if t is not None)


def _ready_at(each: Waiting, receiver: Receiver, now: datetime) -> datetime:
    """Not in its receiver's quiet hours, unless it breaks through."""
    at, quiet = max(each.not_before, now), receiver.quiet
    if quiet is None or each.happening.kind in quiet.breaks_through:
        return each.not_before
    span = current(quiet.window, at, quiet.window.time_zone)
    return each.not_before if span is None else span.ends


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
