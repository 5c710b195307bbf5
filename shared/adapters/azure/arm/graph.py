"""Azure Resource Graph, by azure-mgmt-resourcegraph: the rows of a query, whatever pages they come in."""

from collections.abc import Collection
from typing import Any

from shared.adapters.azure.arm.clients import ArmClients
from shared.adapters.faults import ours

_PAGE = 1000
_MOST_PAGES = 100


async def rows(
    clients: ArmClients, query: str, subscriptions: Collection[str], most: int | None = None
) -> list[dict[str, Any]]:
    """At most ``most`` of them, or all. Raises OutsideError."""
    from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions

    client = clients.graph()
    found: list[dict[str, Any]] = []
    token: str | None = None
    for _ in range(_MOST_PAGES):
        options = QueryRequestOptions(top=min(most or _PAGE, _PAGE), skip_token=token)
        asked = QueryRequest(query=query, subscriptions=sorted(subscriptions), options=options)
        async with ours(write=False):
            page = await client.resources(asked)
        data: Any = page.data or ()
        found += [row for row in data if isinstance(row, dict)]
        token = page.skip_token
        if not token or (most is not None and len(found) >= most):
            break
    return found if most is None else found[:most]
