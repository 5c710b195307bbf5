"""Campaigns: drains of several pools, in waves."""

from typing import Annotated, Any

import typer

from cli import following, waiting
from cli.client import segment
from cli.errors import CommandError, Exit
from cli.looking import list_or_one
from cli.options import Session, command
from cli.screen import tables


@command
def campaigns(
    session: Session,
    id_: Annotated[str | None, typer.Argument(metavar="ID", help="only this one")] = None,
) -> None:
    """Campaigns, the newest first."""
    list_or_one(session, "campaigns", id_, tables.campaigns, "there was no campaign")


def plan(session: Session, asked: Any) -> None:
    """What it would do, a line for each of its drains."""
    found = session.client.call(
        "POST", "campaigns", asked, query={"dryRun": "true"}, repeat=True
    ).body
    session.output.show(found, tables.waves)


def start(session: Session, asked: Any, key: str | None, *, wait: bool) -> None:
    """Start it once; with ``wait`` until it is over, and judged."""
    found = waiting.begun(session, "campaigns", asked, key, "campaign").body
    if not wait:
        session.output.show_one(found, tables.campaigns)
        return
    session.output.note(f"campaign {found['id']}")
    ended, drains = wait_for(session, found["id"])
    session.output.show_one(ended, tables.campaigns)
    judge(ended, drains)


def wait_for(session: Session, id_: str) -> tuple[Any, list[Any]]:
    """The campaign and its drains, once it is over."""
    drains = waiting.wait_for_all(session, following.of_campaign(session.client, id_))
    return session.client.call("GET", f"campaigns/{segment(id_)}").body, drains


def judge(campaign: Any, drains: list[Any]) -> None:
    """Raises CommandError where a person should look, or it did not succeed."""
    if campaign["status"] == "Succeeded":
        waiting.judge(*drains)
        return
    why = f": {campaign['stopped']}" if campaign["stopped"] else ""
    lines = [f"the campaign is {campaign['status']}{why}"]
    try:
        waiting.judge(*drains)
    except CommandError as error:
        lines += error.lines
    raise CommandError(Exit.NOT_SUCCEEDED, *lines)
