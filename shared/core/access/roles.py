"""Who may do what, and how much of it at a time: roles, and the grants that give them, everywhere or for some host pools.

A grant names whom it is for by a mark: a role of their token, a group, an object id, an application's
client id, or the name of a function key. A caller has the grants of all their marks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.core.values.hostpool import HostPoolId


class Role(StrEnum):
    """By their names in tokens. Each includes those before it."""

    READ = "Drain.Read"
    OPERATE = "Drain.Operate"
    ADMIN = "Drain.Admin"

    def includes(self, needed: "Role") -> bool:
        return _ORDER.index(self) >= _ORDER.index(needed)


_ORDER = tuple(Role)

KEY = "key:"
"""Begins the mark of a function key's name, so that no group or role is taken for one."""
ANY_KEY = f"{KEY}*"
"""The mark of every key for which no other grant is."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Host pools, by patterns: names or resource ids with ``*``, in any letter case. None: every pool."""

    patterns: tuple[str, ...] | None = None

    @property
    def whole(self) -> bool:
        return self.patterns is None

    def covers(self, pool: "HostPoolId") -> bool:
        if self.patterns is None:
            return True
        names = (pool.name.lower(), pool.resource_id.lower())
        return any(fnmatchcase(n, p.lower()) for p in self.patterns for n in names)


EVERYWHERE = Reach()
NOWHERE = Reach(())


@dataclass(frozen=True, slots=True)
class Grant:
    """``who``: marks, one of which the caller has."""

    who: frozenset[str]
    role: Role
    reach: Reach = EVERYWHERE


def grants_of(marks: Iterable[str], grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """What a caller with these marks may. A role of the app in a token counts everywhere, unless a grant
    is for that role: then the grants for it say all that it means. Letter case makes no difference."""
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
    """The pools on which these grants give the role; None: on none, whatever the pool."""
    meant = [grant.reach for grant in grants if grant.role.includes(needed)]
    if not meant:
        return None
    if any(reach.whole for reach in meant):
        return EVERYWHERE
    return Reach(tuple(dict.fromkeys(_patterns(meant))))


def _patterns(reaches: Iterable[Reach]) -> Iterator[str]:
    for reach in reaches:
        yield from reach.patterns or ()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of what one caller asked for may be open at a time, so that nobody takes the room of all."""

    drains: int = 500
    campaigns: int = 50
    schedules: int = 200
