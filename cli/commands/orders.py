"""Orders to a drain, or a campaign, that runs. Each is given on the version that was read just before, or --etag."""

from typing import Annotated, Any

import typer

from cli.client import segment
from cli.commands.drains import Hosts, Id, Reason
from cli.errors import bad_use
from cli.options import Session, command
from cli.screen import tables
from cli.screen.output import Rows

Version = Annotated[str | None, typer.Option("--etag", help="only if it is still this version")]
All = Annotated[bool, typer.Option("--all", help="every host of the drain")]
OneId = Annotated[str | None, typer.Argument(metavar="ID", help="the drain's id")]
OfCampaign = Annotated[
    str | None, typer.Option("--campaign", help="a campaign's id: all its drains")
]


@command
def release(
    session: Session, id_: Id, hosts: Hosts = None, all_: All = False,
    reason: Reason = None, etag: Version = None,
) -> None:  # fmt: skip
    """Their maintenance is done."""
    _give(session, f"drains/{segment(id_)}", "release", etag, reason, _which(hosts, all_))


@command
def extend(
    session: Session, id_: Id, hosts: Hosts = None, all_: All = False,
    by: Annotated[str, typer.Option(help="so long, such as PT1H")] = "PT1H",
    reason: Reason = None, etag: Version = None,
) -> None:  # fmt: skip
    """More time for users."""
    _give(
        session, f"drains/{segment(id_)}", "extend", etag, reason, {"by": by, **_which(hosts, all_)}
    )


@command
def skip(
    session: Session, id_: Id, hosts: Annotated[list[str], typer.Argument(metavar="HOST", help="names of hosts")],
    reason: Reason = None, etag: Version = None,
) -> None:  # fmt: skip
    """Not these hosts after all; one that is out is put back."""
    _give(session, f"drains/{segment(id_)}", "skip", etag, reason, {"hosts": hosts})


@command
def add(
    session: Session, id_: Id, hosts: Annotated[list[str], typer.Argument(metavar="HOST", help="names of hosts")],
    reason: Reason = None, etag: Version = None,
) -> None:  # fmt: skip
    """These hosts of the pool too."""
    _give(session, f"drains/{segment(id_)}", "add", etag, reason, {"hosts": hosts})


@command
def pause(
    session: Session, id_: OneId = None, campaign: OfCampaign = None,
    run_clocks: Annotated[bool, typer.Option("--run-clocks", help="deadlines do not move")] = False,
    reason: Reason = None, etag: Version = None,
) -> None:  # fmt: skip
    """No new host goes out, nobody is signed out."""
    if campaign and run_clocks:
        raise bad_use("--run-clocks is for a drain: a campaign's pause stops the clocks")
    body = {} if campaign else {"stopClocks": not run_clocks}
    _give_to_one(session, id_, campaign, "pause", etag, reason, body)


@command
def resume(
    session: Session, id_: OneId = None, campaign: OfCampaign = None, reason: Reason = None,
    etag: Version = None,
) -> None:  # fmt: skip
    """Go on after a pause."""
    _give_to_one(session, id_, campaign, "resume", etag, reason, {})


@command
def cancel(
    session: Session, id_: OneId = None, campaign: OfCampaign = None, reason: Reason = None,
    etag: Version = None,
) -> None:  # fmt: skip
    """Put back what is out, take no further host out."""
    _give_to_one(session, id_, campaign, "cancel", etag, reason, {})


def _which(hosts: list[str] | None, every_host: bool) -> dict[str, Any]:
    """An order for all must be said: a name that was forgotten should not mean everybody."""
    if bool(hosts) == every_host:
        raise bad_use("name hosts, or say --all")
    return {"hosts": hosts} if hosts else {}


def _give(
    session: Session, path: str, order: str, etag: str | None, reason: str | None,
    body: dict[str, Any], rows: Rows = tables.drains,
) -> None:  # fmt: skip
    """``path``: what the order is for; ``rows`` shows that."""
    if etag is None:
        etag = session.client.call("GET", path).headers.get("etag", "")
    if reason is not None:
        body = {**body, "reason": reason}
    told = session.client.call("POST", f"{path}/{order}", body, {"If-Match": etag}).body
    session.output.show_one(told, rows)


def _give_to_one(
    session: Session, id_: str | None, campaign: str | None, order: str, etag: str | None,
    reason: str | None, body: dict[str, Any],
) -> None:  # fmt: skip
    if bool(id_) == bool(campaign):
        raise bad_use("name a drain, or a --campaign")
    if id_:
        _give(session, f"drains/{segment(id_)}", order, etag, reason, body)
    else:
        path = f"campaigns/{segment(campaign or '')}"
        _give(session, path, order, etag, reason, body, tables.campaigns)
