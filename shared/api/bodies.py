"""Request bodies: the shapes, the checks that need no look at the estate, every fault at once."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    Tag,
    ValidationError,
    field_validator,
    model_validator,
)

from shared.api.derived import KIND_TAGS, Body, body_of, record
from shared.api.fields import Duration, Moment
from shared.core.policy.policy import Policy
from shared.core.start.selection import Selection, TagRule
from shared.core.values.hostpool import HostPoolId
from shared.errors import Fault, invalid

LARGEST = 1024 * 1024
"""Bytes of a body that are read."""


HostName = Annotated[str, Field(min_length=1, max_length=500)]


class PoolParts(Body):
    subscription_id: str = Field(pattern=r"^[0-9a-fA-F-]{36}$")
    resource_group: str = Field(pattern=r"^[-\w.()]{1,90}$")
    name: str = Field(pattern=r"^[A-Za-z0-9@._ -]{3,64}$")


PolicyBody = body_of(Policy)


class TagBody(Body):
    name: str = Field(min_length=1, max_length=512)
    equals: str | None = Field(default=None, max_length=256)

    def rule(self) -> TagRule:
        return TagRule(self.name, self.equals)


class ExcludeBody(Body):
    names: list[HostName] = Field(default_factory=list, max_length=5000)
    tags: list[TagBody] = Field(default_factory=list, max_length=20)


Version = Annotated[str, Field(pattern=r"^[0-9]{1,9}([.][0-9]{1,9}){0,4}$")]


class SelectionBody(Body):
    names: list[HostName] | None = Field(default=None, min_length=1, max_length=5000)
    tags: list[TagBody] = Field(default_factory=list, max_length=20)
    statuses: list[HostName] = Field(default_factory=list, max_length=20)
    agent_version_below: Version | None = None
    os_version_below: Version | None = None
    not_maintained_since: Moment | None = None
    at_most: StrictInt | None = Field(default=None, ge=1, le=5000)
    exclude: ExcludeBody = Field(default_factory=ExcludeBody)

    @model_validator(mode="after")
    def _selects(self) -> Self:
        if not self.model_fields_set:
            raise ValueError('a selection that selects nothing; "all" means every host')
        return self

    def selection(self, now: datetime) -> Selection:
        since = self.not_maintained_since
        return Selection(
            names=tuple(self.names) if self.names is not None else None,
            tags=tuple(tag.rule() for tag in self.tags),
            statuses=tuple(self.statuses),
            agent_version_below=self.agent_version_below or "",
            os_version_below=self.os_version_below or "",
            not_maintained_since=now - since if isinstance(since, timedelta) else since,
            at_most=self.at_most,
            exclude_names=tuple(self.exclude.names),
            exclude_tags=tuple(tag.rule() for tag in self.exclude.tags),
        )


def _hosts_tag(value: object) -> str:
    if isinstance(value, str):
        return "all"
    return "selection" if isinstance(value, dict | SelectionBody) else "list"


Named = Annotated[list[HostName], Field(min_length=1, max_length=5000)]
Hosts = Annotated[
    Annotated[Literal["all"], Tag("all")] | Annotated[Named, Tag("list")],
    Discriminator(_hosts_tag),
]
Chosen = Annotated[
    Annotated[Literal["all"], Tag("all")]
    | Annotated[Named, Tag("list")]
    | Annotated[SelectionBody, Tag("selection")],
    Discriminator(_hosts_tag),
]


class StartBody(Body):
    """A request for a drain."""

    host_pool: Annotated[
        Annotated[str, Tag("id")] | Annotated[PoolParts, Tag("parts")],
        Discriminator(lambda value: "id" if isinstance(value, str) else "parts"),
    ] = Field(description="the host pool's resource id, or its parts")
    hosts: Chosen = Field(description='"all", a list of names, or a selection')
    reason: str = Field(
        min_length=1, max_length=500, description="why; for the history, and messages as {reason}"
    )
    allow_personal: StrictBool = Field(
        default=False, description="drain a pool whose users have nowhere else to go"
    )
    policy: PolicyBody = Field(  # type: ignore[valid-type]
        default_factory=PolicyBody, description="how gently, how many at once, how long, what then"
    )

    @field_validator("host_pool", mode="after")
    @classmethod
    def _is_a_pool(cls, value: str | PoolParts) -> str | PoolParts:
        if isinstance(value, str):
            HostPoolId.parse(value)
        return value

    def pool(self) -> HostPoolId:
        if isinstance(self.host_pool, str):
            return HostPoolId.parse(self.host_pool)
        parts = self.host_pool
        return HostPoolId(parts.subscription_id.lower(), parts.resource_group, parts.name)

    def selection(self, now: datetime) -> Selection:
        if isinstance(self.hosts, SelectionBody):
            return self.hosts.selection(now)
        return Selection() if self.hosts == "all" else Selection(names=tuple(self.hosts))

    def policy_record(self) -> Policy:
        return record(Policy, self.policy)


class OrderBody(Body):
    reason: str = Field(default="", max_length=500)


class ReleaseBody(OrderBody):
    hosts: Hosts = "all"

    @property
    def named(self) -> tuple[str, ...] | None:
        return None if self.hosts == "all" else tuple(self.hosts)


class ExtendBody(ReleaseBody):
    by: Duration


class HostsBody(OrderBody):
    hosts: Named


class AnswerBody(Body):
    status: Literal["Succeeded", "Failed"]
    message: str = Field(default="", max_length=1000)


class PauseBody(OrderBody):
    stop_clocks: StrictBool = True


Address = Annotated[str, Field(min_length=1, max_length=4000)]


class SubscribeBody(Body):
    """Either `drain`, the id of one that is there, or `start`, a request for a new one."""

    callback_url: Address
    drain: str | None = Field(default=None, max_length=100)
    start: StartBody | None = None
    events: Literal["end", "phases"] = "end"
    cancel_on_unsubscribe: StrictBool = False

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.drain is None) == (self.start is None):
            raise ValueError("either 'drain', the id of one that is there, or 'start'")
        return self


class UnsubscribeBody(OrderBody):
    callback_url: Address


_TAGS = frozenset({"id", "parts", "all", "list", "selection"}) | KIND_TAGS


def read[B: Body](kind: type[B], body: bytes, *, optional: StrictBool = False) -> B:
    """The body as ``kind``. Raises RequestRefusedError that names every fault; an empty body is
    an empty object where the body is optional."""
    made, faults = _validated(kind, _object(body, optional))
    if made is None:
        raise invalid(tuple(faults))
    return made


def read_start(body: bytes, judge: Callable[[Policy], list[Fault]]) -> StartBody:
    """A request for a drain, its policy judged as a whole too. Raises RequestRefusedError that
    names every fault of either kind."""
    value = _object(body, optional=False)
    made, faults = _validated(StartBody, value)
    policy, _ = _validated(PolicyBody, value.get("policy", {}))
    if policy is not None:
        faults += judge(record(Policy, policy))
    if made is None or faults:
        raise invalid(tuple(faults))
    return made


def read_subscribe(body: bytes, judge: Callable[[Policy], list[Fault]]) -> SubscribeBody:
    """A subscription; the policy of the drain that it starts is judged as a whole too."""
    made = read(SubscribeBody, body)
    if made.start is not None and (faults := judge(made.start.policy_record())):
        raise invalid(tuple(replace(f, target=f"start.{f.target}") for f in faults))
    return made


def _object(body: bytes, optional: bool) -> dict[str, Any]:
    if len(body) > LARGEST:
        raise invalid((Fault("BodyTooLarge", "", f"a body of at most {LARGEST} bytes"),))
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise invalid((Fault("MalformedBody", "", "the body is not UTF-8"),)) from None
    again: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        again.extend(key for key, n in Counter(key for key, _ in pairs).items() if n > 1)
        return dict(pairs)

    if not text.strip():
        if not optional:
            raise invalid((Fault("MissingBody", "", "a JSON object is expected as the body"),))
        return {}
    try:
        value: Any = json.loads(text, object_pairs_hook=once, parse_constant=_no_number)
        text.encode()
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise invalid((Fault("MalformedBody", "", "the body is not JSON"),)) from None
    if again:
        raise invalid(tuple(Fault("RepeatedField", k, f"{k}: is there twice") for k in again))
    if not isinstance(value, dict):
        raise invalid((Fault("MalformedBody", "", "the body is not a JSON object"),))
    return value


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _validated[B: Body](kind: type[B], value: Any) -> tuple[B | None, list[Fault]]:
    try:
        return kind.model_validate(value), []
    except ValidationError as error:
        return None, [_fault(told) for told in error.errors(include_url=False)]


_SAID = {
    "missing": ("MissingField", "is required"),
    "extra_forbidden": ("UnknownField", "no such field"),
    "too_short": ("EmptySelection", "names no host; 'all' means every host of the pool"),
}
"""What is said in our own words: a kind of fault, its code and its text."""


def _fault(told: Any) -> Fault:
    place = [str(p) for p in told["loc"]]
    parts = [p for n, p in enumerate(place) if not (n > 0 and p in _TAGS)]
    target = "".join(f"[{p}]" if p.isdigit() else f".{p}" for p in parts).lstrip(".")
    plain = str(told["msg"]).removeprefix("Value error, ")
    code, text = _SAID.get(told["type"], ("InvalidValue", plain))
    return Fault(code, target, f"{target}: {text}" if target else text)
