"""Reads requests for drains into what the engine takes, both new requests and those stored as
JSON."""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any

from shared.core.access.allowed import Allowed
from shared.core.policy.policy import Policy
from shared.core.start.request import Start
from shared.core.start.selection import Selection, TagRule
from shared.errors import Fault, invalid
from shared.wire.bodies import json_object, read, validated
from shared.wire.derived import record
from shared.wire.start import PolicyBody, SelectionBody, StartBody, TagBody, policy_faults

_ABOUT_USERS = {"deadline", "atDeadline", "warnAtLeast", "messages", "disconnectedFor"}
_BY_MORE_FIELDS = ("policy.warnAtLeast", "policy.messages")
"""The fields whose faults depend on others of those."""


def read_start(body: bytes, allowed: Allowed) -> StartBody:
    """A request for a drain, with its policy also checked as a whole. Raises RequestRefusedError
    that names every fault of either kind."""
    value = json_object(body)
    made, faults = validated(StartBody, value)
    faults += _of_policy(value.get("policy", {}), allowed)
    if made is None or faults:
        raise invalid(tuple(faults))
    return made


def _of_policy(told: Any, allowed: Allowed) -> list[Fault]:
    """What is wrong with a policy as a whole. Fields that are wrong by themselves are left out, and so is what
    depends on them: the caller is told of all the others now."""
    policy, wrong = validated(PolicyBody, told)
    fields = {re.split(r"[.\[]", fault.target, maxsplit=1)[0] for fault in wrong}
    if policy is None and isinstance(told, dict):
        policy, _ = validated(PolicyBody, {k: v for k, v in told.items() if k not in fields})
    if policy is None:
        return []
    found = policy_faults(record(Policy, policy), allowed)
    if not fields & _ABOUT_USERS:
        return found
    return [fault for fault in found if not fault.target.startswith(_BY_MORE_FIELDS)]


def start_of(body: StartBody, now: datetime, unique: str, address: str) -> Start:
    """The request as the engine takes it. ``unique`` is the caller's idempotency key; the digest of
    the body tells a repeat from another request under the same key. ``address`` is where the app
    can be reached."""
    return Start(
        pool=body.pool(),
        selection=_selection(body, now),
        reason=body.reason,
        policy=body.policy_record(),
        allow_personal=body.allow_personal,
        unique=unique,
        address=address,
        digest=hashlib.sha256(body.model_dump_json().encode()).hexdigest(),
    )


def start_kept(request: str, now: datetime, unique: str, address: str) -> Start:
    """The drain that the stored request of a campaign's slot or of a schedule asks for. Times given
    as "how long ago" count from ``now``. Raises RequestRefusedError."""
    return start_of(read(StartBody, request.encode()), now, unique, address)


def _selection(body: StartBody, now: datetime) -> Selection:
    hosts = body.hosts
    if not isinstance(hosts, SelectionBody):
        return Selection() if hosts == "all" else Selection(names=tuple(hosts))
    since = hosts.not_maintained_since
    return Selection(
        names=tuple(hosts.names) if hosts.names is not None else None,
        tags=_rules(hosts.tags),
        statuses=tuple(hosts.statuses),
        agent_version_below=hosts.agent_version_below or "",
        os_version_below=hosts.os_version_below or "",
        not_maintained_since=now - since if isinstance(since, timedelta) else since,
        at_most=hosts.at_most,
        exclude_names=tuple(hosts.exclude.names),
        exclude_tags=_rules(hosts.exclude.tags),
    )


def _rules(tags: list[TagBody]) -> tuple[TagRule, ...]:
    return tuple(TagRule(tag.name, tag.equals) for tag in tags)
