"""Who calls, under which name the history knows them, and what they may do.

With App Service authentication, callers are who their token says. Else they have a function key,
which the host has checked: then only the key is known of them, and what they say of themselves.
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
"""The query parameter of the key, in any letter case. The host reads it only if the header is
absent."""
SAYS = "x-caller-name"
"""The header in which a caller with a function key gives its name."""
SOMEBODY = "a caller with a function key"
_LONGEST = 100
_LONGEST_NAME = 300
_EVERYTHING = (Grant(frozenset(), Role.ADMIN),)


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller. ``name`` is for the history. ``id`` identifies the caller, whatever name it gives;
    empty: it is not known who calls. ``marks`` are what grants can name. ``reach``: the pools on
    which the caller may do what it asks for."""

    name: str
    id: str = ""
    marks: frozenset[str] = frozenset()
    grants: tuple[Grant, ...] = ()
    reach: Reach = NOWHERE

    def must_reach(self, pool: HostPoolId, unknown: RequestRefusedError | None = None) -> None:
        """Raises RequestRefusedError if the pool is beyond the caller's reach. ``unknown``: the error for a thing that
        does not exist; it is raised if the caller may not even read the pool, so that they do not learn of the thing."""
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
        """Raises RequestRefusedError if the caller is limited to some pools. ``what`` names what
        was asked for."""
        if not self.reach.whole:
            text = f"{what}: that needs a role for every host pool, and yours is for some"
            raise RequestRefusedError(RefusalKind.DENIED, "HostPoolNotAllowed", text)


ITSELF = Caller("the app", grants=_EVERYTHING, reach=EVERYWHERE)
"""The caller of addresses that need none: the API description, the board's files, and addresses
that are themselves secrets."""


@dataclass(frozen=True, slots=True)
class Believed:
    """What the settings say about callers. ``by_app_service``: App Service authentication lets
    callers in and says who they are. ``principal_names``: its header with the name is believed
    beside function keys. ``keys``: names of keys by their SHA-256."""

    by_app_service: bool = False
    principal_names: bool = False
    grants: tuple[Grant, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)


def caller_of(
    headers: Mapping[str, str], query: Mapping[str, str], believed: Believed
) -> Caller | None:
    """The caller of a request. ``headers`` has lower-case names. None: nobody was let in."""
    if believed.by_app_service:
        principal = principal_of(headers)
        return _of_principal(principal, believed) if principal is not None else None
    in_query = [value for name, value in query.items() if name.lower() == KEY_QUERY]
    key = headers.get(KEY_HEADER) or ",".join(in_query)
    if "," in key:  # sent twice: the host has checked only the first
        return None
    return _of_key(key, headers, believed)


def _of_principal(principal: Principal, believed: Believed) -> Caller:
    grants = grants_of(principal.marks, believed.grants)
    return Caller(
        plain(principal.name, _LONGEST_NAME), f"oid:{principal.id.lower()}", principal.marks, grants
    )


def _of_key(key: str, headers: Mapping[str, str], believed: Believed) -> Caller:
    """A caller with a key. A key that no grant names may do everything, unless a grant is for every
    key: without grants, keys are all that protects the app."""
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
    """What is wrong with the name that a caller gives itself."""
    says = headers.get(SAYS, "").strip()
    if len(says) <= _LONGEST and says.isprintable() and "'" not in says:
        return ()
    text = f"{SAYS}: a name of at most {_LONGEST} printable characters, without quotes"
    return (Fault("InvalidValue", SAYS, text),)


def with_reach(caller: Caller, needed: Role | None, also: str = "") -> Caller:
    """The caller, with the pools on which it has the role ``needed`` (None: no role is needed).
    ``also``: an app role in its token that suffices instead. Raises RequestRefusedError that names
    the role."""
    if needed is None or (also and also in caller.marks):
        return replace(caller, reach=EVERYWHERE)
    reach = reach_of(caller.grants, needed)
    if reach is None:
        held = ", ".join(sorted({grant.role for grant in caller.grants})) or "none"
        text = f"this needs the role {needed}; you have {held}"
        raise RequestRefusedError(RefusalKind.DENIED, "RoleMissing", text, target=needed)
    return replace(caller, reach=reach)
