"""Reads requests for drains into what the engine takes, both new requests and those stored as
JSON."""

import hashlib
from datetime import datetime, timedelta

from shared.core.access.allowed import Allowed
from shared.core.start.request import Start
from shared.core.start.selection import Selection, TagRule
from shared.errors import invalid
from shared.wire.bodies import read, told_object, validated
from shared.wire.derived import Body
from shared.wire.policies import faults_told
from shared.wire.start import SelectionBody, StartBody, TagBody


def read_asked[B: Body](kind: type[B], body: bytes, allowed: Allowed) -> B:
    """A request that starts drains, now or later, with their policies also checked as wholes. Raises
    RequestRefusedError that names every fault of either kind."""
    value, faults = told_object(body)
    made, wrong = validated(kind, value)
    faults += [*wrong, *faults_told(value, allowed)]
    if made is None or faults:
        raise invalid(tuple(faults))
    return made


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
