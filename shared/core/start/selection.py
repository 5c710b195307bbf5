"""Which hosts of a pool a request asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.core.values.resources import find


@dataclass(frozen=True, slots=True)
class TagRule:
    """A tag that a VM must have; with ``equals``, with this value."""

    name: str
    equals: str | None = None

    def fits(self, tags: Mapping[str, str]) -> bool:
        """Whether a VM with these tags has the tag, with the value if one is given."""
        value = find(tags, self.name)
        return value is not None and self.equals in (None, value)

    def __str__(self) -> str:
        return self.name if self.equals is None else f"{self.name}={self.equals}"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which hosts to choose; every condition that is given must hold. ``names`` None: all hosts of
    the pool."""

    names: tuple[str, ...] | None = None
    tags: tuple[TagRule, ...] = ()
    statuses: tuple[str, ...] = ()
    agent_version_below: str = ""
    os_version_below: str = ""
    not_maintained_since: datetime | None = None
    at_most: int | None = None
    """Only this many hosts: those whose last maintenance is longest ago, first those that were
    never maintained. None: all."""
    exclude_names: tuple[str, ...] = ()
    exclude_tags: tuple[TagRule, ...] = ()

    @property
    def in_turn(self) -> bool:
        """Whether hosts are chosen in turn, not by their names. Then hosts with failures are left
        out for a while."""
        return self.names is None and (
            self.at_most is not None or self.not_maintained_since is not None
        )

    @property
    def needs_tags(self) -> bool:
        """Whether the tags of VMs must be read to choose."""
        return bool(self.tags or self.exclude_tags)

    def __str__(self) -> str:
        parts = ["all" if self.names is None else f"{len(self.names)} by name"]
        parts += [f"tag {rule}" for rule in self.tags]
        parts += [f"status {' or '.join(self.statuses)}"] if self.statuses else []
        parts += [f"agent below {self.agent_version_below}"] if self.agent_version_below else []
        parts += [f"OS below {self.os_version_below}"] if self.os_version_below else []
        if self.not_maintained_since is not None:
            parts.append(f"not maintained since {self.not_maintained_since:%Y-%m-%d %H:%M}Z")
        parts += [f"the {self.at_most} longest overdue"] if self.at_most is not None else []
        parts += [f"without {name}" for name in self.exclude_names]
        parts += [f"without tag {rule}" for rule in self.exclude_tags]
        return ", ".join(parts)
