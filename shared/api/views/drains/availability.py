"""How many hosts of a drain's pool take users, and how many have to: now, before, and as it is expected to go on."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shared.api.views.drains.expected import ExpectedView
from shared.core.drain.availability import Availability
from shared.core.drain.summary.overview import Overview
from shared.wire.views.words import Time, View, time

Floor = Annotated[
    int | None,
    Field(description="so many must take users, says the policy; null where that is not known"),
]


class AvailabilityNow(View):
    """How the pool stood against the floor at the latest look."""

    at: Time | None
    """When it was looked at."""
    available: int
    """So many hosts of the pool took new users: the others are out, or not well, for whatever reason."""
    hosts: int
    """So many hosts the pool had."""
    floor: Floor
    """So many had to take users."""
    because: str
    """What the floor comes from, or why it is not known."""


class AvailabilityPoint(View):
    """From `at` on, until the next of them."""

    at: Time | None
    """Since when."""
    available: int
    """So many hosts of the pool took new users."""
    hosts: int
    """So many hosts the pool had."""
    floor: Floor
    """So many had to take users."""


class AvailabilityLater(View):
    """From `at` on, until the next of them, if nothing else happens to the pool."""

    at: Time | None
    """From when on."""
    available: int
    """So many hosts are expected to take new users."""
    least: Annotated[int, Field(description="one case in ten is meant to have fewer")]
    most: Annotated[int, Field(description="one case in ten is meant to have more")]


class AvailabilityView(View):
    """How many hosts of a drain's pool take users, and how many have to."""

    id: str
    """The drain's id."""
    hostPool: str
    """The host pool's resource id."""
    now: AvailabilityNow | None
    """At the latest look, which of a drain that has ended was its last; null before its first."""
    past: list[AvailabilityPoint]
    """As the drain's looks saw it, oldest first. Of a long drain some are told as one, which has the fewest
    hosts and the highest floor of them."""
    expected: list[AvailabilityLater]
    """As its last forecast says; none where nobody can know, and once it has ended."""
    expectedEnd: ExpectedView | None
    """What that rests on, or why nobody can know."""


def now_view(found: Availability | None) -> AvailabilityNow | None:
    """None before the first look."""
    if found is None:
        return None
    point = found.now
    return {
        "at": time(found.seen_at),
        "available": point.available,
        "hosts": point.hosts,
        "floor": point.floor,
        "because": found.because,
    }


def availability_view(drain: Overview, expected: ExpectedView | None) -> AvailabilityView:
    found, forecast = drain.availability, drain.forecast
    return {
        "id": drain.id,
        "hostPool": drain.pool.resource_id,
        "now": now_view(found),
        "past": [
            {"at": time(p.at), "available": p.available, "hosts": p.hosts, "floor": p.floor}
            for p in (found.points if found is not None else ())
        ],
        "expected": [
            {
                "at": time(forecast.made_at + timedelta(seconds=later.after)),
                "available": later.available,
                "least": later.least,
                "most": later.most,
            }
            for later in forecast.course
        ]
        if forecast is not None
        else [],
        "expectedEnd": expected,
    }
