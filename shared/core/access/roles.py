"""Roles, the grants that give them, everywhere or for some host pools, and limits for each caller.

A grant names its callers by a mark: a role in their token, a group, an object id, an application's
client id, or the name of a function key. A caller has the grants of all their marks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.core.values.hostpool import HostPoolId


class Role(StrEnum):
    """Roles by their names in tokens. Each includes those before it."""

    READ = "Drain.Read"
    OPERATE = "Drain.Operate"
    ADMIN = "Drain.Admin"

    def includes(self, needed: "Role") -> bool:
        """Whether this role allows what ``needed`` allows."""
        return _ORDER.index(self) >= _ORDER.index(needed)


_ORDER = tuple(Role)

KEY = "key:"
"""Prefix of the marks of function keys, so that no group or role is mistaken for a key."""
ANY_KEY = f"{KEY}*"
"""The mark of every key that no other grant names."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The host pools for which a grant holds. ``patterns``: names or resource ids with ``*``, in
    any letter case. None: every pool."""

    patterns: tuple[str, ...] | None = None

    @property
    def whole(self) -> bool:
        """Whether it is every pool."""
        return self.patterns is None

    def covers(self, pool: "HostPoolId") -> bool:
        """Whether the pool's name or resource id matches a pattern."""
        if self.patterns is None:
            return True
        names = (pool.name.lower(), pool.resource_id.lower())
        return any(fnmatchcase(n, p.lower()) for p in self.patterns for n in names)


EVERYWHERE = Reach()
NOWHERE = Reach(())


@dataclass(frozen=True, slots=True)
class Grant:
    """A role for every caller who has one of the marks in ``who``."""

    who: frozenset[str]
    role: Role
    reach: Reach = EVERYWHERE


def grants_of(marks: Iterable[str], grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The grants of a caller with these marks. A role of this app in the caller's token holds
    everywhere, unless a grant names that role: then only such grants hold. Letter case does not
    matter."""
    has = frozenset(mark.lower() for mark in marks)
    made = tuple(grants)
    spoken_for = {who.lower() for grant in made for who in grant.who}
    plain = [
        Grant(frozenset({role}), role)
        for role in Role
        if role.lower() in has and role.lower() not in spoken_for
    ]
    return (*plain, *(g for g in made if has & {who.lower() for who in g.who}))


def reach_of(grants: Iterable[Grant], needed: Role) -> Reach | None:
    """The pools for which these grants give the role ``needed``; None if no grant gives it."""
    meant = [grant.reach for grant in grants if grant.role.includes(needed)]
    if not meant:
        return None
    if any(reach.whole for reach in meant):
        return EVERYWHERE
    return Reach(tuple(dict.fromkeys(p for reach in meant for p in reach.patterns or ())))


@dataclass(frozen=True, slots=True)
class Limits:
    """How many drains, campaigns and schedules of one caller may be open at a time, so that no
    caller takes the place of all others."""

    drains: int = 500
    campaigns: int = 50
    schedules: int = 200
