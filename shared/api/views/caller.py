"""Who is asking, and what they may."""

from typing import Literal

from shared.api.http.callers import Caller
from shared.core.access.roles import Role, reach_of
from shared.wire.views.words import View


class MayView(View):
    """A role that the caller has, and where."""

    role: Literal["Drain.Read", "Drain.Operate", "Drain.Admin"]
    """The role."""
    pools: list[str] | None
    """Names or resource ids of the host pools, with `*`; null for all."""


class CallerView(View):
    """Who is asking, and what they may."""

    name: str
    """As the history knows them."""
    may: list[MayView]
    """The roles that they have. Each includes those before it."""


def caller_view(caller: Caller) -> CallerView:
    may: list[MayView] = []
    for role in Role:
        reach = reach_of(caller.grants, role)
        if reach is not None:
            pools = None if reach.patterns is None else list(reach.patterns)
            may.append({"role": role.value, "pools": pools})
    return {"name": caller.name, "may": may}
