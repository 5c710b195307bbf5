"""The body of a request for a drain, and the faults that can be found without looking at the
estate."""

from typing import Annotated, Literal, Self

from pydantic import (
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    Tag,
    field_validator,
    model_validator,
)

from shared.core.access.allowed import Allowed
from shared.core.policy import policychecks
from shared.core.policy.policy import Policy
from shared.core.values.hostpool import HostPoolId
from shared.errors import Fault
from shared.wire.derived import Body, body_of, record
from shared.wire.fields import Moment

PolicyBody = body_of(Policy)
HostName = Annotated[str, Field(min_length=1, max_length=500)]


class TagBody(Body):
    """A tag of a VM."""

    name: str = Field(min_length=1, max_length=512)
    """The name of the tag."""
    equals: str | None = Field(default=None, max_length=256)
    """The tag's value. Left out: any value."""


class ExcludeBody(Body):
    """Hosts to leave out."""

    names: list[HostName] = Field(default_factory=list, max_length=5000)
    """Hosts with these names."""
    tags: list[TagBody] = Field(default_factory=list, max_length=20)
    """Hosts whose VM has one of these tags."""


Version = Annotated[str, Field(pattern=r"^[0-9]{1,9}([.][0-9]{1,9}){0,4}$")]


class SelectionBody(Body):
    """Which hosts of a pool to take. A host must meet all conditions."""

    names: list[HostName] | None = Field(default=None, min_length=1, max_length=5000)
    """Hosts with these names."""
    tags: list[TagBody] = Field(default_factory=list, max_length=20)
    """Hosts whose VM has one of these tags."""
    statuses: list[HostName] = Field(default_factory=list, max_length=20)
    """Hosts with one of these statuses."""
    agent_version_below: Version | None = None
    """Hosts whose agent is older than this version."""
    os_version_below: Version | None = None
    """Hosts whose operating system is older than this version."""
    not_maintained_since: Moment | None = None
    """Hosts whose last maintenance was before a time, or longer ago than a duration."""
    at_most: StrictInt | None = Field(default=None, ge=1, le=5000)
    """At most so many hosts: those whose last maintenance is longest ago."""
    exclude: ExcludeBody = Field(default_factory=ExcludeBody)
    """Which hosts to leave out."""

    @model_validator(mode="after")
    def _selects(self) -> Self:
        given = (
            self.names,
            self.tags,
            self.statuses,
            self.agent_version_below,
            self.os_version_below,
        )
        others = (self.not_maintained_since, self.at_most, self.exclude.names, self.exclude.tags)
        if not any((*given, *others)):  # a list that came out empty is not "all"
            raise ValueError('a selection that selects nothing; "all" means every host')
        return self


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


class PoolParts(Body):
    """A host pool by its parts."""

    subscription_id: str = Field(pattern=r"^[0-9a-fA-F-]{36}$")
    """The subscription's id."""
    resource_group: str = Field(pattern=r"^[-\w.()]{0,89}[-\w()]$")
    """The resource group's name."""
    name: str = Field(pattern=r"^[A-Za-z0-9@._ -]{3,64}$")
    """The host pool's name."""


class StartBody(Body):
    """A request for a drain."""

    host_pool: Annotated[
        Annotated[str, Field(max_length=1000), Tag("id")] | Annotated[PoolParts, Tag("parts")],
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

    def policy_record(self) -> Policy:
        return record(Policy, self.policy)


def policy_faults(policy: Policy, allowed: Allowed) -> list[Fault]:
    """What is wrong with a policy as a whole, whatever the estate is."""
    found = policychecks.faults(policy, allowed)
    return [Fault("InvalidValue", f"policy.{field}", text) for field, text in found]
