"""Principals as App Service authentication sends them."""

import base64
import json
from typing import Any

ROLE_TYPE = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"
OBJECT = "http://schemas.microsoft.com/identity/claims/objectidentifier"
SUBJECT = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier"
ANNA = "aaaaaaaa-0000-0000-0000-000000000001"
WORKFLOW = "bbbbbbbb-0000-0000-0000-000000000002"
CLIENT = "cccccccc-0000-0000-0000-000000000003"


def encoded(told: Any) -> str:
    return base64.b64encode(json.dumps(told).encode()).decode()


def principal(*claims: tuple[str, str], provider: str = "aad") -> dict[str, Any]:
    return {
        "auth_typ": provider,
        "name_typ": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "role_typ": ROLE_TYPE,
        "claims": [{"typ": type_, "val": value} for type_, value in claims],
    }


def headers_of(
    *roles: str, groups: tuple[str, ...] = (), name: str = "anna@contoso.example"
) -> dict[str, str]:
    """The headers of a user."""
    claims = [(OBJECT, ANNA), (SUBJECT, "pairwise"), ("preferred_username", name)]
    claims += [("roles", role) for role in roles] + [("groups", group) for group in groups]
    return {
        "x-ms-client-principal": encoded(principal(*claims)),
        "x-ms-client-principal-id": ANNA,
        "x-ms-client-principal-name": name,
    }
