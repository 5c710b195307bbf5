"""Commands about who is told of what happens."""

from typing import Annotated

import typer

from cli.errors import CommandError, Exit
from cli.options import Session, command
from cli.screen import tables


@command
def notifications(session: Session) -> None:
    """Receivers of notifications: what waits, what was given up."""
    told = session.client.call("GET", "notifications").body
    session.output.show(told, tables.receivers)
    session.output.none(told["value"], "NOTIFICATIONS names no receiver")
    if any(one["state"] in ("failing", "unreadable") for one in told["value"]):
        raise CommandError(Exit.ATTENTION, "a receiver does not take what it is sent")


@command
def notify(
    session: Session, receiver: Annotated[str, typer.Argument(help="its name in NOTIFICATIONS")]
) -> None:
    """Send a receiver a test message."""
    told = session.client.call("POST", "notifications/test", {"receiver": receiver}).body
    session.output.show(told, lambda one: [{"receiver": one["receiver"], "came to": one["text"]}])
    if not told["taken"]:
        raise CommandError(Exit.NOT_SUCCEEDED, "it was not taken")
