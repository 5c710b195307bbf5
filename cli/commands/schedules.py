"""Commands about what begins by itself: schedules, their runs and reports."""

from typing import Annotated

import typer

from cli import following, waiting
from cli.client import segment
from cli.commands import campaigns
from cli.errors import CommandError, Exit, bad_use
from cli.looking import list_or_one
from cli.options import Session, command
from cli.screen import tables
from cli.screen.output import Format, Row
from cli.screen.text import clean

_OVER = ("ended", "skipped", "refused")
_GOING_ON = ("starting", "running")
Name = Annotated[str, typer.Argument(metavar="SCHEDULE", help="the schedule")]


@command
def schedules(
    session: Session,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="only this one")] = None,
) -> None:
    """Schedules, and when each runs next."""
    list_or_one(session, "schedules", name, tables.schedules, "there is no schedule")


@command
def run(
    session: Session, name: Name,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="what the next run would do; nothing is started")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="until it has ended")] = False,
    key: Annotated[str | None, typer.Option(help="Idempotency-Key; the same finds the same run")] = None,
) -> None:  # fmt: skip
    """Run a schedule now."""
    path = f"schedules/{segment(name)}/run"
    if dry_run:
        if wait or key:
            raise bad_use("--dry-run starts nothing: --wait and --key do not go with it")
        _foreseen(session, path)
        return
    found: Row = waiting.begun(session, path, None, key, "run").body
    if not wait:
        session.output.show_one(found, tables.runs)
        return
    session.output.note(f"run of {tables.time(found['at'])}")
    ended, drains = _wait_for(session, name, found)
    session.output.show_one(ended, tables.runs)
    _judge(session, ended, drains)


def _foreseen(session: Session, path: str) -> None:
    """What the next run would do, a line for each of its drains."""
    found = session.client.call("POST", path, query={"dryRun": "true"}, repeat=True).body
    session.output.show(found, lambda one: tables.plans(one["drains"]))
    session.output.note(*(f"warning: {text}" for text in found["warnings"]))
    if found["faults"]:
        faults = [f"it would be refused: {text}" for text in found["faults"]]
        raise CommandError(Exit.REFUSED, *faults)


def _wait_for(session: Session, name: str, begun: Row) -> tuple[Row, list[Row]]:
    """The run and its drains, once it has ended."""

    def now() -> Row:
        listed = session.client.pages(f"schedules/{segment(name)}/runs", {"$top": "200"}, 200)
        return next((one for one in listed if one["at"] == begun["at"]), begun)

    def source() -> following.Found:
        run = now()
        over = run["state"] in _OVER
        if not over and run["state"] not in _GOING_ON:
            raise LookupError(f"the state '{run['state']}'")
        return following.Found(list(run["drains"]), whole=over, notes=[])

    drains = waiting.wait_for_all(session, source)
    return now(), drains


def _judge(session: Session, run: Row, drains: list[Row]) -> None:
    """Raises CommandError where a person should look, or it did not succeed."""
    if run["state"] != "ended":
        why = f": {run['text']}" if run["text"] else ""
        raise CommandError(Exit.NOT_SUCCEEDED, f"the run was {run['state']}{why}")
    if run["campaign"]:
        campaigns.judge(*campaigns.wait_for(session, run["campaign"]))
    else:
        waiting.judge(*drains)


@command
def report(
    session: Session, name: Name,
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
