"""Commands about what begins by itself: schedules, campaigns, their reports."""

from typing import Annotated

import typer

from cli.client import segment
from cli.options import Session, command
from cli.screen import tables
from cli.screen.output import Format
from cli.screen.text import clean


@command
def schedules(
    session: Session,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="only this one")] = None,
) -> None:
    """Schedules, and when each runs next."""
    if name is not None:
        found = session.client.call("GET", f"schedules/{segment(name)}").body
        session.output.show(found, lambda one: tables.schedules([one]))
        return
    found = session.client.pages("schedules", {}, None)
    session.output.show(found, tables.schedules)
    session.output.none(found, "there is no schedule")


@command
def campaigns(
    session: Session,
    id_: Annotated[str | None, typer.Argument(metavar="ID", help="only this one")] = None,
) -> None:
    """Campaigns, the newest first."""
    if id_ is not None:
        found = session.client.call("GET", f"campaigns/{segment(id_)}").body
        session.output.show(found, lambda one: tables.campaigns([one]))
        return
    found = session.client.pages("campaigns", {}, None)
    session.output.show(found, tables.campaigns)
    session.output.none(found, "there was no campaign")


@command
def report(
    session: Session, name: Annotated[str, typer.Argument(metavar="SCHEDULE", help="the schedule")],
    at: Annotated[str | None, typer.Option(help="the run of this moment; else the last")] = None,
) -> None:  # fmt: skip
    """What came of a schedule's run: Markdown, unless JSON or YAML is asked for."""
    as_text = session.output.is_plain(Format.table)
    query = {"at": at, "format": "markdown" if as_text else None}
    told = session.client.call(
        "GET", f"schedules/{segment(name)}/report", query=query, text=True
    ).body
    if as_text and isinstance(told, str):
        print(clean(told, lines=True))
    else:
        session.output.show(told, lambda found: [found])
