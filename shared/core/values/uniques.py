"""What makes a request unique. The ids of drains, campaigns and runs are digests of these texts,
which are made nowhere else.

Each source of drains, campaigns or runs begins with a word of its own, so no idempotency key of a
caller equals the text of another source. Nothing is cut, so keys that differ only at their end stay
different. The texts must not change: a request may be repeated across an upgrade.
"""

from datetime import datetime


def of_caller(key: str) -> str:
    """For a drain that a caller starts with an idempotency key."""
    return f"caller {key}"


def of_callers_campaign(key: str, caller: str = "") -> str:
    """``caller``: whose key it is, if it is not one that all callers share."""
    return f"campaign of {caller} {key}" if caller else f"campaign {key}"


def of_callers_run(key: str) -> str:
    """For a run of a schedule that a caller starts with an idempotency key."""
    return f"run {key}"


def of_subscription(digest: str) -> str:
    """For a drain that is started together with a subscription. ``digest``: of the callback
    address."""
    return f"subscription {digest}"


def of_slot(campaign: str, number: int) -> str:
    """For a campaign's drain, by the number of its slot."""
    return f"campaign {campaign} {number}"


def of_moment(schedule: str, at: datetime) -> str:
    """For a schedule's run at its planned time."""
    return f"schedule {schedule} {at.isoformat()}"


def of_request(digest: str) -> str:
    """For a drain that an event of type `AvdDrain.Drain.Requested` asks for. ``digest``: of the
    event."""
    return f"event {digest}"


def of_event(digest: str, rule: str, part: int) -> str:
    """For a drain that a rule starts for events. ``digest``: of the first of the events. ``part``:
    counts the drains that this event starts, from 0."""
    return f"event {digest} {rule}{f' part {part}' if part else ''}"
