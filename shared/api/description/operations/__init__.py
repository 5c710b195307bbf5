"""What each address does, in words: a file a tag. The description of the API is made from these and from the
routes, and a test holds that no route is left out.
"""

from shared.api.description.operation import Operation
from shared.api.description.operations import (
    callers,
    campaigns,
    doctor,
    drains,
    events,
    hosts,
    notifications,
    schedules,
    subscriptions,
)

OPERATIONS: tuple[Operation, ...] = (
    *drains.OPERATIONS,
    *subscriptions.OPERATIONS,
    *hosts.OPERATIONS,
    *campaigns.OPERATIONS,
    *schedules.OPERATIONS,
    *events.OPERATIONS,
    *notifications.OPERATIONS,
    *callers.OPERATIONS,
    *doctor.OPERATIONS,
)
"""In the order in which a reader wants them."""
