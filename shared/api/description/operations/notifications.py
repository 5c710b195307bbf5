"""Notifications."""

from shared.api.description.operation import Operation
from shared.api.views.notification import NotificationsView, TriedView
from shared.wire.notifications import TryBody

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "ListNotifications", "list_notifications", "List what waits for receivers",
        "Each receiver of NOTIFICATIONS: whether it takes what it is sent, what waits for it, and what was given "
        "up and why.",
        {200: NotificationsView},
    ),
    Operation(
        "TestReceiver", "test_receiver", "Send a test message",
        "At once, to one receiver; it is not repeated. The answer says what came of it.",
        {200: TriedView}, (400, 403, 404), body=TryBody, example={"receiver": "desk"},
    ),
)  # fmt: skip
