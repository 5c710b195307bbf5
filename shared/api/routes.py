"""What ``function_app.py`` calls by name."""

from shared.api import (
    campaigns,
    describing,
    handlers,
    ordering,
    schedules,
    subscribing,
    watching,
)
from shared.api.answering import Handler

HANDLERS: dict[str, Handler] = {
    "start": handlers.start,
    "index": handlers.index,
    "claims": handlers.claims,
    "show": handlers.show,
    "history": handlers.history,
    "result": watching.result,
    "operation": watching.operation,
    "order": ordering.order,
    "answered": handlers.answered,
    "events": handlers.events,
    "overdue": handlers.overdue,
    "start_campaign": campaigns.start,
    "campaigns": campaigns.index,
    "campaign": campaigns.show,
    "order_campaign": campaigns.order,
    "put_schedule": schedules.put,
    "run_schedule": schedules.run,
    "schedules": schedules.index,
    "schedule": schedules.show,
    "remove_schedule": schedules.remove,
    "runs": schedules.runs,
    "report": schedules.report,
    "subscribe": subscribing.subscribe,
    "subscription": subscribing.show,
    "unsubscribe": subscribing.unsubscribe,
    "unsubscribe_url": subscribing.unsubscribe_url,
    "openapi": describing.openapi_31,
    "swagger": describing.openapi_20,
    "docs": describing.page,
}
