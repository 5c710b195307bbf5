"""What is unique about a request, made here and nowhere else: ids of drains, campaigns and runs are digests
of it.

Each source of drains, campaigns or runs has a word of its own in front, so that whatever a caller sends
as an idempotency key is never another source's. Nothing is cut: two keys that differ at their ends are two keys. The texts are
what earlier versions made, for a request may be repeated across an upgrade.
"""

from datetime import datetime


def of_caller(key: str) -> str:
    """A drain that a caller starts under an idempotency key."""
    return f"caller {key}"


def of_callers_campaign(key: str, caller: str = "") -> str:
    """``caller``: whose key it is, if it is not one that all callers share."""
    return f"campaign of {caller} {key}" if caller else f"campaign {key}"


def of_callers_run(key: str) -> str:
    """A run of a schedule, asked for by a caller."""
    return f"run {key}"


def of_subscription(digest: str) -> str:
    """A drain that was started together with a subscription: by its callback address."""
    return f"subscription {digest}"


def of_slot(campaign: str, number: int) -> str:
    """A campaign's drain, by its place."""
    return f"campaign {campaign} {number}"


def of_moment(schedule: str, at: datetime) -> str:
    """A run of a schedule at its time."""
    return f"schedule {schedule} {at.isoformat()}"


def of_request(digest: str) -> str:
    """A drain that an event asks for outright, of kind `AvdDrain.Drain.Requested`."""
    return f"event {digest}"


def of_event(digest: str, rule: str, part: int) -> str:
    """A drain that events ask for: by the first of them, and which of the first's drains it is."""
    return f"event {digest} {rule}{f' part {part}' if part else ''}"
