"""The lane of a receiver: the happenings that wait for it, and the state of its deliveries. One
record for each receiver, limited in number and age.

A lane is written at the version that was read, so what two instances do at once happens once. A
message keeps its id and content from its first try to its last, so a receiver can recognise a
repetition.
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
"""At most this many happenings wait. If there is no room, the least severe and oldest is given up,
and that is recorded."""
LARGEST = 250_000
"""Characters of all that waits, because a record's size is limited."""
TOGETHER = 20
"""At most this many happenings of one kind go into one message."""
BUSY = timedelta(seconds=60)
"""How long nobody else may send to the receiver. A try takes at most a quarter of it."""
REFUSALS = 3
"""After this many final refusals, while the receiver accepts other messages, a happening is given
up."""
REMEMBERED = 500
"""How many of the latest happenings are remembered, so that the same one is not sent twice."""
LATE = timedelta(minutes=1)
"""A queue message that is later than this counts as lost."""
_SHOWN = 20
SHOWN_FOR = timedelta(days=7)
"""How long the doctor reports what was given up."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A happening that waits. ``times``: how often it has happened, first at ``first_at``;
    ``happening`` is the latest. ``message``: the id of the message that contains it, once that
    was tried; else empty."""

    happening: Happening
    first_at: datetime
    not_before: datetime
    times: int = 1
    message: str = ""
    tries: int = 0
    refused_since: datetime | None = None
    """When the receiver first refused it for good; None if it has not."""


@dataclass(frozen=True, slots=True)
class Sent:
    """When something was last sent; ``about``: the digest of ``Happening.about``."""

    about: str
    at: datetime


@dataclass(frozen=True, slots=True)
class GivenUp:
    """What was not delivered, and why."""

    at: datetime
    happening: Happening
    why: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A receiver's lane."""

    receiver: str
    waiting: tuple[Waiting, ...] = ()
    busy_until: datetime | None = None
    """Until then an instance is sending ``sending``; None if none is."""
    sending: str = ""
    """The id of the message that is being sent; empty if none is."""
    wake_at: datetime | None = None
    """When the queue message is due that has the lane looked at; None if there is none."""
    tries: int = 0
    """Failed tries since the receiver last accepted a message."""
    failing_since: datetime | None = None
    next_try_at: datetime | None = None
    last_result: str = ""
    last_taken_at: datetime | None = None
    taken: int = 0
    """How many messages the receiver accepted."""
    known: tuple[str, ...] = ()
    """Digests of the ids of the latest happenings, oldest first."""
    sent: tuple[Sent, ...] = ()
    given_up: tuple[GivenUp, ...] = ()
    """The latest ones, oldest first."""
    given_up_count: int = 0

    def given_up_since(self, at: datetime) -> tuple[GivenUp, ...]:
        return tuple(each for each in self.given_up if each.at >= at)


def without_old(lane: Lane, before: datetime) -> Lane:
    """The lane without what was given up before that time."""
    return replace(lane, given_up=lane.given_up_since(before))


def added(lane: Lane, happenings: Iterable[Happening], receiver: Receiver, now: datetime) -> Lane:
    """The lane with these happenings. One with a known id is not added again. One about the same as
    another that waits and was not tried yet is folded into it."""
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
    """The lane within its limits. What is being sent stays."""
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
    """The lane while its next message is being sent, and that message; None if nothing is due, or
    another instance is sending."""
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
    """The lane after the queue message for ``wake_at`` has arrived."""
    came = lane.wake_at is not None and lane.wake_at <= now
    return replace(lane, wake_at=None) if came else lane


def woken(lane: Lane, receiver: Receiver, now: datetime) -> tuple[Lane, datetime | None]:
    """The lane with a queue message that arrives in time, and when to send a new one; None if one
    is on its way or nothing waits. So each lane has about one queue message, however much waits."""
    due = due_at(lane, receiver, now)
    if due is None:
        return replace(lane, wake_at=None), None
    if lane.wake_at is not None and now - LATE <= lane.wake_at <= max(due, now):
        return lane, None
    return replace(lane, wake_at=due), due


def after_try(lane: Lane, id_: str, outcome: Outcome, now: datetime, pace: Pace) -> Lane:
    """The lane after the message ``id_`` was tried. What the receiver refuses for good while it
    accepts others is given up. While it accepts nothing, everything waits, because the receiver
    may be repaired."""
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
    """Whether the receiver accepted something after it first refused this, in several tries."""
    since, taken = each.refused_since, lane.last_taken_at
    often = each.tries + 1 >= REFUSALS
    return often and since is not None and taken is not None and taken >= since


def expired(lane: Lane, now: datetime) -> Lane:
    """The lane without what the receiver has not accepted for too long. This is checked after a
    try, so what waited while the app was down gets one more try."""
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
    """When to look at the lane next; None if nothing waits."""
    times = [_ready_at(each, receiver, now) for each in lane.waiting]
    if not times:
        return None
    return max(t for t in (min(times), lane.next_try_at, lane.busy_until) if t is not None)


def _ready_at(each: Waiting, receiver: Receiver, now: datetime) -> datetime:
    """When it may be sent: not in the receiver's quiet hours, unless its kind breaks through."""
    at, quiet = max(each.not_before, now), receiver.quiet
    if quiet is None or each.happening.kind in quiet.breaks_through:
        return each.not_before
    span = current(quiet.window, at, quiet.window.time_zone)
    return each.not_before if span is None else span.ends


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
