"""The topic of the app's own events, for notifications that are not published there anyway."""

from shared.core.notifications.message import Message, announcements
from shared.errors import NotFoundError
from shared.ports import Topic


async def send(topic: Topic | None, message: Message) -> None:
    """Publish a message. Raises errors of ``shared.errors``."""
    if topic is None:
        raise NotFoundError("there is no topic")
    await topic.publish(tuple(announcements(message)))
