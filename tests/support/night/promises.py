"""The promises of this product, checked against the world's own log of what truly happened."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from shared.core.policy.policy import Policy
from tests.support.night.night import Night


class Before:
    """The estate as it was before the drain."""

    def __init__(self, night: Night) -> None:
        self.open = {h.name: h.allow_new_session for h in night.pool.hosts.values()}
        self.tags = {h.name: dict(h.vm.tags) for h in night.pool.hosts.values()}


def keep(night: Night, before: Before, policy: Policy) -> None:
    """Check all promises that can be judged from outside. Raises AssertionError at the first that
    is broken."""
    as_it_was_before(night, before)
    never_below_the_floor(night, before, policy)
    empty_means_empty(night)
    warned_first(night, policy)
    once(night, policy)


def as_it_was_before(night: Night, before: Before) -> None:
    now = {h.name: h.allow_new_session for h in night.pool.hosts.values()}
    assert now == {name: was for name, was in before.open.items() if name in now}
    tags = {h.name: h.vm.tags for h in night.pool.hosts.values()}
    assert tags == {name: was for name, was in before.tags.items() if name in tags}


def never_below_the_floor(night: Night, before: Before, policy: Policy) -> None:
    """Replay drain mode over the night: never more hosts out than the policy allows, or than were
    out already."""
    closed = {name for name, was in before.open.items() if not was}
    most = max(len(closed), policy.max_unavailable.of(len(before.open)))
    for line in night.world.log:
        if line["what"] == "drain mode on":
            closed.add(line["host"])
        elif line["what"] == "drain mode off":
            closed.discard(line["host"])
        assert len(closed) <= most, f"{sorted(closed)} were out at {line['at']}"


def empty_means_empty(night: Night) -> None:
    assert night.happened("cut off by restart") == []


def warned_first(night: Night, policy: Policy) -> None:
    """No user is signed out sooner than promised after a message reached them."""
    warned: dict[tuple[Any, Any], datetime] = {}
    for line in night.world.log:
        who = line.get("host"), line.get("session")
        if line["what"] == "message":
            warned.setdefault(who, datetime.fromisoformat(line["at"]))
        elif line["what"] == "sign-out asked":
            assert who in warned, f"{line['user']} was signed out unwarned"
            told = datetime.fromisoformat(line["at"]) - warned[who]
            assert told >= policy.warn_at_least - timedelta(seconds=1), f"warned {told} before"


def once(night: Night, policy: Policy) -> None:
    """No restart happens twice. No message is sent twice, unless it was not certain that the first
    was accepted and the host's deadline has come (``deadlines`` says why)."""
    restarts = Counter(line["host"] for line in night.happened("restart"))
    assert all(times == 1 for times in restarts.values()), restarts
    out: dict[str, datetime] = {}
    told = set()
    for line in night.world.log:
        at = datetime.fromisoformat(line["at"])
        if line["what"] == "drain mode on":
            out[line["host"]] = at
        elif line["what"] == "message":
            who = line["host"], line["session"]
            late = at >= out[line["host"]] + policy.deadline
            assert who not in told or late, f"{line['user']} was told twice"
            told.add(who)
