"""What this app's identity may do, from Azure's authorization service.

It is read by address, because the SDK of that service is a large import for one list.
"""

from collections.abc import Mapping
from typing import Any

from shared.adapters.azure.arm.clients import ArmClients
from shared.adapters.azure.fields import each
from shared.core.start.rights import Permission
from shared.errors import PassingError

_VERSION = "2022-04-01"


class AzureRights:
    """Implements ``shared.ports.Rights``."""

    def __init__(self, clients: ArmClients) -> None:
        self._clients = clients

    async def permissions(self, scope: str) -> tuple[Permission, ...]:
        address = f"{self._clients.endpoint}{scope}/providers/Microsoft.Authorization/permissions"
        versioned = {"api-version": _VERSION}
        listed = await self._clients.listed(scope.split("/")[2], address, **versioned)
        found = each(listed, _permission, "a role")
        if len(found) != len(listed):
            raise PassingError("a role of this app cannot be read")
        return tuple(found)


def _permission(role: Mapping[str, Any]) -> Permission:
    """Raises ValueError or AttributeError for a role of another shape: what it allows is not known."""
    return Permission(_actions(role.get("actions")), _actions(role.get("notActions", [])))


def _actions(told: object) -> tuple[str, ...]:
    if not isinstance(told, list) or not all(isinstance(action, str) for action in told):
        raise ValueError("no list of actions")
    return tuple(told)
