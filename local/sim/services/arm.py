"""The conventions of the simulated Azure Resource Manager: paths, errors, pages.

Paths are matched ignoring case, as the service does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from local.sim.estate.things import Pool
from local.sim.estate.world import World
from local.sim.services.access import Where

LARGEST_PAGE = 1000
"""The most items of a page, whatever is asked for."""


class ArmError(Exception):
    """An error response: status, code and message of ``{"error": {...}}``."""

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None):
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Call:
    """A parsed request for
    ``/subscriptions/{subscription}/resourceGroups/{group}/providers/{provider}/{types and
    names}[/{action}]``. ``types`` are in lower case."""

    method: str
    subscription: str
    group: str
    provider: str
    types: tuple[str, ...]
    names: tuple[str, ...]
    query: dict[str, str]
    body: Any
    base: str
    largest: int = LARGEST_PAGE
    """The most items of a page."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call is. ``operation`` names it in fault rules; ``right`` is the action that it needs,
    at ``where``; ``do`` carries it out and returns the response."""

    operation: str
    host: str
    right: str
    where: Where
    do: Callable[[], tuple[int, Any, dict[str, str]]]


def parse(method: str, path: str, query: dict[str, str], body: Any, base: str) -> Call:
    """Parse a request. Raises ArmError for a path that is not of a resource."""
    parts = [part for part in path.split("/") if part]
    low = [part.lower() for part in parts]
    if len(parts) < 2 or low[0] != "subscriptions":
        raise ArmError(404, "InvalidResourceNamespace", "The resource namespace is invalid.")
    if "api-version" not in query:
        text = "The api-version query parameter (?api-version=) is required for all requests."
        raise ArmError(400, "MissingApiVersionParameter", text)
    group = parts[3] if len(parts) > 3 and low[2] == "resourcegroups" else ""
    if "providers" not in low:
        raise ArmError(404, "NotFound", "There is nothing here.")
    at = low.index("providers")
    rest, rest_low = parts[at + 2 :], low[at + 2 :]
    provider = low[at + 1] if len(low) > at + 1 else ""
    return Call(
        method, parts[1].lower(), group, provider, tuple(rest_low[::2]), tuple(rest[1::2]),
        query, body, base,
    )  # fmt: skip


def tagged_vm(call: Call) -> str:
    """The VM in ``.../virtualMachines/{vm}/providers/Microsoft.Resources/tags/default``. Empty: the
    call is about something else."""
    tags = ("virtualmachines", "providers", "tags")
    return call.names[0] if call.types == tags and call.names[2:] == ("default",) else ""


def permissions_of(call: Call) -> bool:
    """Whether the call is for ``.../providers/Microsoft.Authorization/permissions`` of a resource
    or a group."""
    of_group = call.provider == "microsoft.authorization" and call.types == ("permissions",)
    of_resource = call.types[-2:] == ("providers", "permissions")
    return of_group or (of_resource and call.names[-1].lower() == "microsoft.authorization")


def find_pool(world: World, call: Call) -> Pool:
    name = call.names[0] if call.names else ""
    for pool in world.pools:
        here = (pool.subscription, pool.resource_group.lower(), pool.name.lower())
        if here == (call.subscription, call.group.lower(), name.lower()):
            return pool
    text = (
        f"The Resource 'Microsoft.DesktopVirtualization/hostPools/{name}' under resource group "
        f"'{call.group}' was not found."
    )
    raise ArmError(404, "ResourceNotFound", text)


PAGE = 50
"""The items of a page if the caller does not say how many."""


def page[T](
    call: Call, items: Sequence[T], path: str, show: Callable[[T], Any], largest: int = 0
) -> dict[str, Any]:
    """``{value, nextLink}``, without ``nextLink`` on the last page. Only the items of the page are
    rendered, so a page of a list of ten thousand costs no more than one of fifty."""
    try:
        skip = int(call.query.get("initialSkip", "0"))
        size = min(int(call.query.get("pageSize", PAGE)), largest or call.largest)
    except ValueError:
        raise ArmError(400, "InvalidParameter", "pageSize and initialSkip are numbers.") from None
    if call.query.get("isDescending", "").lower() == "true":
        items = items[::-1]
    body: dict[str, Any] = {"value": [show(item) for item in items[skip : skip + size]]}
    if skip + size < len(items):
        query = {**call.query, "initialSkip": str(skip + size)}
        body["nextLink"] = f"{call.base}{path}?{urlencode(query)}"
    return body


def stamp(at: Any) -> str | None:
    """A time in the service's format, with seven digits."""
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"
