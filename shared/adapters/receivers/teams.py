"""A Teams channel or chat, by the webhook of a workflow."""

from shared.adapters.outgoing import Outgoing
from shared.core.notifications.card import payload
from shared.core.notifications.message import Message


async def send(outgoing: Outgoing, url: str, message: Message) -> None:
    """Raises errors of ``shared.errors``. The workflow takes no notice of the id."""
    await outgoing.send(url, payload(message), message.id)
