"""Who calls, by what name the history knows them, and what they may.

Where App Service authentication lets callers in, they are who their token says. Else they have a function key,
which the host has checked: what is known of them is the key, and what they say of themselves.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from shared.api.http.principal import NAME, Principal, principal_of
from shared.core.access.roles import (
    ANY_KEY,
    EVERYWHERE,
    KEY,
    NOWHERE,
    Grant,
    Reach,
    Role,
    grants_of,
    reach_of,
)
from shared.core.values.hostpool import HostPoolId
from shared.core.values.texts import plain
from shared.errors import Fault, RefusalKind, RequestRefusedError

KEY_HEADER = "x-functions-key"
KEY_QUERY = "code"
"""The host looks there only if there is no such header, and in any letter case."""
SAYS = "x-caller-name"
"""The header by which a caller with a function key names itself."""
SOMEBODY = "a caller with a function key"
_LONGEST = 100
_LONGEST_NAME = 300
_EVERYTHING = (Grant(frozenset(), Role.ADMIN),)


@dataclass(frozen=True, slots=True)
class Caller:
    """``name`` is for the history. ``id`` tells callers apart, whatever they say of themselves; empty: it is not
    known who. ``reach``: the pools on which the caller may do what is asked for."""

    name: str
    id: str = ""
    marks: frozenset[str] = frozenset()
    grants: tuple[Grant, ...] = ()
    reach: Reach = NOWHERE

    def must_reach(self, pool: HostPoolId, unknown: RequestRefusedError | None = None) -> None:
        """Raises RequestRefusedError for a pool that lies beyond. ``unknown``: what is raised of a thing that is not
        there, and so of one on a pool of which the caller may not even read: that it is there is not theirs to know."""
        if self.reach.covers(pool):
            return
        if unknown is not None and not self.may_read(pool):
            raise unknown
        text = f"you may not do this on host pool '{pool.name}': your role is for others"
        raise RequestRefusedError(RefusalKind.DENIED, "HostPoolNotAllowed", text)

    def may_read(self, pool: HostPoolId) -> bool:
        reading = reach_of(self.grants, Role.READ)
        return reading is not None and reading.covers(pool)

    def must_reach_all(self, what: str) -> None:
        """Raises RequestRefusedError for whoever is limited to some pools."""
        if not self.reach.whole:
            text = f"{what}: that needs a role for every host pool, and yours is for some"
            raise RequestRefusedError(RefusalKind.DENIED, "HostPoolNotAllowed", text)


ITSELF = Caller("the app", grants=_EVERYTHING, reach=EVERYWHERE)
"""For what needs no caller: the description, the board's files, addresses that are secrets themselves."""


@dataclass(frozen=True, slots=True)
class Believed:
    """What the settings say of callers. ``by_app_service``: it lets them in, and tells who they are;
    ``principal_names``: it tells names beside function keys. ``keys``: names by the SHA-256 of the key."""

    by_app_service: bool = False
    principal_names: bool = False
    grants: tuple[Grant, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)


def caller_of(
    headers: Mapping[str, str], query: Mapping[str, str], believed: Believed
) -> Caller | None:
    """``headers`` in lower case. None: nobody who was let in."""
    if believed.by_app_service:
        principal = principal_of(headers)
        return _of_principal(principal, believed) if principal is not None else None
    in_query = [value for name, value in query.items() if name.lower() == KEY_QUERY]
    key = headers.get(KEY_HEADER) or ",".join(in_query)
    if (
        "," in key
    ):  # sent twice: the host has checked the first, and who it is must not hang on the second
        return None
    return _of_key(key, headers, believed)


def _of_principal(principal: Principal, believed: Believed) -> Caller:
    grants = grants_of(principal.marks, believed.grants)
    return Caller(
        plain(principal.name, _LONGEST_NAME), f"oid:{principal.id.lower()}", principal.marks, grants
    )


def _of_key(key: str, headers: Mapping[str, str], believed: Believed) -> Caller:
    """A key that no grant is for, nor for every key, may all: keys are the floor of what protects the app."""
    digest = hashlib.sha256(key.encode(errors="replace")).hexdigest()
    named = believed.keys.get(digest, "")
    mark = f"{KEY}{named}" if named else ""
    grants = (
        grants_of({mark}, believed.grants) or grants_of({ANY_KEY}, believed.grants) or _EVERYTHING
    )
    name = f"function key '{named}'" if named else SOMEBODY
    if believed.principal_names and headers.get(NAME):
        name = plain(headers[NAME], _LONGEST_NAME)
    elif says := headers.get(SAYS, "").strip():
        name = f"{name}, says to be '{plain(says, _LONGEST)}'"
    marks = frozenset({mark} if mark else ())
    return Caller(name, f"key:{digest[:16]}", marks, grants)


def name_faults(headers: Mapping[str, str]) -> tuple[Fault, ...]:
    """What is wrong with how a caller names itself."""
    says = headers.get(SAYS, "").strip()
    if len(says) <= _LONGEST and says.isprintable() and "'" not in says:
        return ()
    text = f"{SAYS}: a name of at most {_LONGEST} printable characters, without quotes"
    return (Fault("InvalidValue", SAYS, text),)


def with_reach(caller: Caller, needed: Role | None, also: str = "") -> Caller:
    """The caller, with the pools on which they may do what needs a role (None: no role is needed). ``also``: another
    role of their token that is enough. Raises RequestRefusedError that names the role."""
    if needed is None or (also and also in caller.marks):
        return _reaching(caller, EVERYWHERE)
    reach = reach_of(caller.grants, needed)
    if reach is None:
        held = ", ".join(sorted({grant.role for grant in caller.grants})) or "none"
        text = f"this needs the role {needed}; you have {held}"
        raise RequestRefusedError(RefusalKind.DENIED, "RoleMissing", text, target=needed)
    return _reaching(caller, reach)


def _reaching(caller: Caller, reach: Reach) -> Caller:
    return replace(caller, reach=reach)
