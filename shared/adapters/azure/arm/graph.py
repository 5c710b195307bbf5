"""Azure Resource Graph, by its address: the rows of a query, whatever pages they come in."""

from collections.abc import Collection
from typing import Any

from shared.adapters.azure.arm.clients import ArmClients
from shared.errors import PassingError

VERSION = "2021-03-01"
_PATH = "/providers/Microsoft.ResourceGraph/resources"
_NO_SUBSCRIPTION = "resource graph"
"""Its address is of no subscription, and it has token buckets of its own."""
_PAGE = 1000
_MOST_PAGES = 100


async def rows(
    clients: ArmClients, query: str, subscriptions: Collection[str], most: int | None = None
) -> list[dict[str, Any]]:
    """At most ``most`` of them, or all. Raises OutsideError, also for an answer that holds no list of
    rows: that is not the same as none."""
    address = f"{clients.endpoint}{_PATH}"
    found: list[dict[str, Any]] = []
    options: dict[str, Any] = {"$top": min(most or _PAGE, _PAGE), "resultFormat": "objectArray"}
    for _ in range(_MOST_PAGES):
        body = {"query": query, "subscriptions": sorted(subscriptions), "options": options}
        page = await clients.json(_NO_SUBSCRIPTION, address, body, **{"api-version": VERSION})
        data = page.get("data")
        if not isinstance(data, list):
            raise PassingError("an answer of Resource Graph without rows")
        found += [row for row in data if isinstance(row, dict)]
        token = page.get("$skipToken")
        if not token or (most is not None and len(found) >= most):
            break
        options = {**options, "$skipToken": str(token)}
    return found if most is None else found[:most]
