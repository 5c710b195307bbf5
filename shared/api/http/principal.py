"""The principal of App Service authentication, in the header ``X-MS-CLIENT-PRINCIPAL``: base64 of
::

    {"auth_typ": "aad", "name_typ": "...", "role_typ": "...", "claims": [{"typ": "...", "val": "..."}]}

A claim with several values occurs several times. Where that authentication is on, the platform
removes such headers from outside requests. Elsewhere anybody can send one: call this only after
making sure that it is on. Shape and claims:
https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities
"""

import base64
import binascii
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.core.access.roles import KEY

PRINCIPAL = "x-ms-client-principal"
NAME = "x-ms-client-principal-name"
ENTRA = "aad"
"""The platform's name for Microsoft Entra ID. Roles from another provider are not of this
tenant."""

_ROLES = ("roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role")
"""The claim of app roles. Depending on its mapping of claims, the platform keeps the short name or
uses the long one."""
_GROUPS = ("groups", "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups")
_OBJECT = ("oid", "http://schemas.microsoft.com/identity/claims/objectidentifier")
_SUBJECT = ("sub", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier")
_SCOPE = ("scp", "http://schemas.microsoft.com/identity/claims/scope")
_CLIENT = ("appid", "azp")
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NAMES = ("preferred_username", "upn", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn")


@dataclass(frozen=True, slots=True)
class Principal:
    """A principal. ``id`` is the object id in the tenant; ``marks`` are what grants can name."""

    id: str
    name: str
    marks: frozenset[str]


def principal_of(headers: Mapping[str, str]) -> Principal | None:
    """The principal of a request. ``headers`` has lower-case names. None: there is none, it is not
    from Entra, or it cannot be read."""
    raw = _decoded(headers.get(PRINCIPAL, ""))
    if raw is None or str(raw.get("auth_typ", "")).lower() != ENTRA:
        return None
    claims = _claims(raw.get("claims"))
    [id_, *_] = [*_ids(claims, _OBJECT), ""]
    if not id_:
        return None
    role_type = raw.get("role_typ")
    roles = _of(claims, (*_ROLES, role_type) if isinstance(role_type, str) else _ROLES)
    client = _ids(claims, _CLIENT) if _acts_for_itself(claims, id_) else []
    marks = {id_, *roles, *_ids(claims, _GROUPS), *client}
    [name, *_] = [*filter(None, [headers.get(NAME, "")]), *_of(claims, _NAMES), *client, id_]
    return Principal(id_, name, frozenset(m for m in marks if not m.lower().startswith(KEY)))


def _acts_for_itself(claims: Mapping[str, list[str]], id_: str) -> bool:
    """Whether the principal is an application. A user's token names an application, too: the one
    the user uses. What is granted to an application is not granted to its users. An application's
    own token has no scope, and its subject is its object id."""
    return not _of(claims, _SCOPE) and set(_of(claims, _SUBJECT)) == {id_}


def _ids(claims: Mapping[str, list[str]], types: tuple[str, ...]) -> list[str]:
    """The values that are ids. A registration may have groups sent by name, and many users may name
    a group like a role."""
    return [value for value in _of(claims, types) if _ID.fullmatch(value)]


def _of(claims: Mapping[str, list[str]], types: tuple[str, ...]) -> list[str]:
    return [value for type_ in dict.fromkeys(types) for value in claims.get(type_, ())]


def _claims(raw: Any) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for claim in raw if isinstance(raw, list) else ():
        if isinstance(claim, dict):
            type_, value = claim.get("typ"), claim.get("val")
            if isinstance(type_, str) and isinstance(value, str) and value:
                found[type_].append(value)
    return found


def _decoded(raw: str) -> dict[str, Any] | None:
    try:
        padded = raw.encode("ascii") + b"=" * (-len(raw) % 4)
        found = json.loads(base64.b64decode(padded, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
