"""A Teams channel or chat, through the webhook of a workflow."""

from shared.adapters.outgoing import Outgoing
from shared.core.notifications.card import payload
from shared.core.notifications.message import Message


async def send(outgoing: Outgoing, url: str, message: Message) -> None:
    """Send a message. Raises errors of ``shared.errors``. The workflow ignores the message's id."""
    await outgoing.send(url, payload(message), message.id)
