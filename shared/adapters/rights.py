"""What this app's identity may do, by Azure's authorization service.

Asked by its address: the whole management SDK of that service would be imported for one list.
"""

from azure.core.rest import HttpRequest

from shared.adapters.arm import ArmClients
from shared.adapters.faults import ours
from shared.core.rights import Permission
from shared.errors import RejectedError

_VERSION = "2022-04-01"
_MOST_PAGES = 20


class AzureRights:
    """Keeps the protocol ``shared.ports.Rights``."""

    def __init__(self, clients: ArmClients) -> None:
        self._clients = clients

    async def permissions(self, scope: str) -> tuple[Permission, ...]:
        client = self._clients.compute(scope.split("/")[2])
        endpoint = self._clients.endpoint
        address = f"{endpoint}{scope}/providers/Microsoft.Authorization/permissions"
        request = HttpRequest("GET", address, params={"api-version": _VERSION})
        found: list[Permission] = []
        for _ in range(_MOST_PAGES):
            async with ours(write=False):
                response = await client.send_request(request)
                response.raise_for_status()
            told = response.json()
            found += [
                Permission(tuple(role.get("actions") or ()), tuple(role.get("notActions") or ()))
                for role in told.get("value") or ()
            ]
            following = told.get("nextLink")
            if not following:
                break
            if not str(following).startswith(f"{endpoint}/"):
                raise RejectedError("a next page at an address that is not the control plane's")
            request = HttpRequest("GET", following)
        return tuple(found)
