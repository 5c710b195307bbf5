"""The source of an event, from its type alone. This works for events that are malformed, or do not
concern this app."""

from shared.core.events.signals import Source

OWN, HEALTH, OTHER = "avdDrain", "resourceHealth", "other"
_BEGINNINGS = {
    "avddrain.": OWN,
    "azuremonitor.": str(Source.ALERT),
    "microsoft.maintenance.": str(Source.UPDATE_MANAGER),
    "microsoft.resourcenotifications.healthresources.": HEALTH,
    "microsoft.resourcenotifications.maintenanceresources.": str(Source.SCHEDULED_EVENT),
}


def source_of(event_type: str) -> str:
    """The source: one of a small fixed set of words, whatever the sender's text."""
    lower = event_type.lower()
    return next((source for begin, source in _BEGINNINGS.items() if lower.startswith(begin)), OTHER)
