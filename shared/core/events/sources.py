"""Of which source an event is, by its type alone: also of one that is malformed, or not for this app."""

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
    """One of few words, whatever somebody sends."""
    lower = event_type.lower()
    return next((source for begin, source in _BEGINNINGS.items() if lower.startswith(begin)), OTHER)
