"""Every address of the app: which function answers it, and who may call.

``function_app.py`` binds this table, the description of the API is made from it, and what needs no key,
which role it needs and what a query may hold is read here. It imports no handler: what is heavy comes with the first
request (``Route.handler``).
"""

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING

from shared.core.access.roles import Role

if TYPE_CHECKING:
    from shared.api.http.responding import Handler


class Access(StrEnum):
    """Who may call."""

    ANYBODY = "anybody"
    """The description, the board without its data, and addresses that are secrets themselves."""
    CALLER = "caller"
    """Whoever has a function key, or is let in by App Service authentication."""
    READ = "read"
    """Of these, who has the role ``Drain.Read``, or one that includes it."""
    OPERATE = "operate"
    ADMIN = "admin"

    @property
    def role(self) -> Role | None:
        """The role that it needs."""
        return _ROLES.get(self)


_ROLES = {Access.READ: Role.READ, Access.OPERATE: Role.OPERATE, Access.ADMIN: Role.ADMIN}


class Tag(StrEnum):
    """What an address is about; the description groups by it."""

    DRAINS = "Drains"
    CAMPAIGNS = "Campaigns"
    SCHEDULES = "Schedules"
    SUBSCRIPTIONS = "Subscriptions"
    EVENTS = "Events"
    HOSTS = "Hosts"
    NOTIFICATIONS = "Notifications"
    CALLERS = "Callers"
    DOCTOR = "Doctor"
    DESCRIPTION = "Description"
    BOARD = "Board"


@dataclass(frozen=True, slots=True)
class Route:
    """``name`` is that of the function in Azure. ``place`` is where the handler is: a module of
    ``shared.api.handlers``, and a function in it. ``query``: the parameters it takes beside those that
    every address takes; ``needed``: those of them that must be there."""

    name: str
    method: str
    path: str
    place: str
    tag: Tag
    query: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    access: Access = Access.READ
    also: str = ""
    """Another role of a token that is enough."""

    @property
    def handler(self) -> "Handler":
        module, _, name = self.place.rpartition(".")
        found: Handler = getattr(import_module(f"shared.api.handlers.{module}"), name)
        return found


_DRY = ("dryRun",)
_PAGED = ("$top", "$skipToken")
_OPEN = Access.ANYBODY
_OPERATE = Access.OPERATE
_ADMIN = Access.ADMIN
ACTION_GROUPS = "ActionGroupsSecureWebhook"
"""The app role that Azure Monitor's action groups have, where they were let in as the vendor says."""

ROUTES: tuple[Route, ...] = (
    Route("start_drain", "POST", "drains", "drains.drains.start", Tag.DRAINS, _DRY, access=_OPERATE),
    Route("list_drains", "GET", "drains", "drains.drains.index", Tag.DRAINS,
          ("hostPool", "status", *_PAGED)),
    Route("show_drain", "GET", "drains/{id}", "drains.drains.show", Tag.DRAINS),
    Route("drain_hosts", "GET", "drains/{id}/hosts", "drains.drains.hosts", Tag.DRAINS,
          ("$filter", *_PAGED)),
    Route("drain_policy", "GET", "drains/{id}/policy", "drains.drains.policy", Tag.DRAINS),
    Route("drain_availability", "GET", "drains/{id}/availability", "drains.drains.availability", Tag.DRAINS),
    Route("drain_history", "GET", "drains/{id}/history", "drains.drains.history", Tag.DRAINS, _PAGED),
    Route("drain_result", "GET", "drains/{id}/result", "drains.waiting.result", Tag.DRAINS),
    Route("drain_operation", "GET", "operations/{id}", "drains.waiting.operation", Tag.DRAINS),
    Route("order_drain", "POST", "drains/{id}/{order}", "drains.orders.order", Tag.DRAINS, access=_OPERATE),
    Route("hear_webhook", "POST", "drains/{id}/answers/{token}", "drains.drains.answered", Tag.DRAINS,
          access=_OPEN),
    Route("subscribe", "POST", "subscriptions", "drains.subscriptions.subscribe", Tag.SUBSCRIPTIONS, access=_OPERATE),
    Route("unsubscribe_callback", "POST", "subscriptions/end", "drains.subscriptions.unsubscribe_url",
          Tag.SUBSCRIPTIONS, access=_OPERATE),
    Route("show_subscription", "GET", "subscriptions/{id}", "drains.subscriptions.show",
          Tag.SUBSCRIPTIONS),
    Route("unsubscribe", "DELETE", "subscriptions/{id}", "drains.subscriptions.unsubscribe",
          Tag.SUBSCRIPTIONS, access=_OPERATE),
    Route("list_claims", "GET", "claims", "hosts.claims", Tag.HOSTS, ("hostPool",)),
    Route("list_overdue", "GET", "overdue", "hosts.overdue", Tag.HOSTS, ("hostPool", "since"),
          ("hostPool",)),
    Route("start_campaign", "POST", "campaigns", "schedules.campaigns.start", Tag.CAMPAIGNS, _DRY, access=_OPERATE),
    Route("list_campaigns", "GET", "campaigns", "schedules.campaigns.index", Tag.CAMPAIGNS, _PAGED),
    Route("show_campaign", "GET", "campaigns/{id}", "schedules.campaigns.show", Tag.CAMPAIGNS),
    Route("order_campaign", "POST", "campaigns/{id}/{order}", "schedules.campaigns.order", Tag.CAMPAIGNS, access=_OPERATE),
    Route("list_schedules", "GET", "schedules", "schedules.schedules.index", Tag.SCHEDULES, _PAGED),
    Route("put_schedule", "PUT", "schedules/{name}", "schedules.schedules.put", Tag.SCHEDULES, _DRY, access=_ADMIN),
    Route("show_schedule", "GET", "schedules/{name}", "schedules.schedules.show", Tag.SCHEDULES),
    Route("remove_schedule", "DELETE", "schedules/{name}", "schedules.schedules.remove", Tag.SCHEDULES, access=_ADMIN),
    Route("run_schedule", "POST", "schedules/{name}/run", "schedules.schedules.run", Tag.SCHEDULES, _DRY, access=_OPERATE),
    Route("list_runs", "GET", "schedules/{name}/runs", "schedules.runs.index", Tag.SCHEDULES, _PAGED),
    Route("show_report", "GET", "schedules/{name}/report", "schedules.runs.report", Tag.SCHEDULES,
          ("at", "format")),
    Route("list_events", "GET", "events", "events.index", Tag.EVENTS, _PAGED),
    Route("simulate_event", "POST", "events/simulate", "events.simulate", Tag.EVENTS),
    Route("hear_alert", "POST", "alerts", "events.alert", Tag.EVENTS, access=_OPERATE, also=ACTION_GROUPS),
    Route("list_notifications", "GET", "notifications", "notifications.index", Tag.NOTIFICATIONS),
    Route("test_receiver", "POST", "notifications/test", "notifications.test", Tag.NOTIFICATIONS, access=_ADMIN),
    Route("show_caller", "GET", "me", "callers.show", Tag.CALLERS, access=Access.CALLER),
    Route("doctor", "GET", "doctor", "doctor.doctor", Tag.DOCTOR, ("hostPool", "$top", "format")),
    Route("openapi_description", "GET", "openapi.json", "pages.openapi", Tag.DESCRIPTION,
          access=_OPEN),
    Route("swagger_description", "GET", "swagger.json", "pages.swagger", Tag.DESCRIPTION,
          access=_OPEN),
    Route("read_description", "GET", "docs", "pages.docs", Tag.DESCRIPTION, access=_OPEN),
    Route("show_board", "GET", "board", "pages.board", Tag.BOARD, access=_OPEN),
    Route("board_file", "GET", "board/{file}", "pages.board_file", Tag.BOARD, access=_OPEN),
)  # fmt: skip

NAMED = {route.name: route for route in ROUTES}
