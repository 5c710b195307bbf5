"""Orders to a drain that runs. Each is given on the version that was read just before, or --etag."""

from typing import Annotated, Any

import typer

from cli.client import segment
from cli.commands.drains import Hosts, Id, Reason
from cli.errors import bad_use
from cli.options import Session, command
from cli.screen import tables

Version = Annotated[str | None, typer.Option("--etag", help="only if it is still this version")]
All = Annotated[bool, typer.Option("--all", help="every host of the drain")]


@command
def release(
    session: Session, id_: Id, hosts: Hosts = None, all_: All = False,
    reason: Reason = None, etag: Version = None,
) -> None:  # fmt: skip
    """Their maintenance is done."""
    _give(session, id_, "release", etag, reason, _which(hosts, all_))


@command
def extend(
    session: Session, id_: Id, hosts: Hosts = None, all_: All = False,
    by: Annotated[str, typer.Option(help="so long, such as PT1H")] = "PT1H",
    reason: Reason = None, etag: Version = None,
) -> None:  # fmt: skip
    """More time for users."""
    _give(session, id_, "extend", etag, reason, {"by": by, **_which(hosts, all_)})


@command
def skip(
    session: Session, id_: Id, hosts: Annotated[list[str], typer.Argument(metavar="HOST", help="names of hosts")],
    reason: Reason = None, etag: Version = None,
) -> None:  # fmt: skip
    """Not these hosts after all; one that is out is put back."""
    _give(session, id_, "skip", etag, reason, {"hosts": hosts})


@command
def add(
    session: Session, id_: Id, hosts: Annotated[list[str], typer.Argument(metavar="HOST", help="names of hosts")],
    reason: Reason = None, etag: Version = None,
) -> None:  # fmt: skip
    """These hosts of the pool too."""
    _give(session, id_, "add", etag, reason, {"hosts": hosts})


@command
def pause(
    session: Session, id_: Id,
    run_clocks: Annotated[bool, typer.Option("--run-clocks", help="deadlines do not move")] = False,
    reason: Reason = None, etag: Version = None,
) -> None:  # fmt: skip
    """No new host goes out, nobody is signed out."""
    _give(session, id_, "pause", etag, reason, {"stopClocks": not run_clocks})


@command
def resume(session: Session, id_: Id, reason: Reason = None, etag: Version = None) -> None:
    """Go on after a pause."""
    _give(session, id_, "resume", etag, reason, {})


@command
def cancel(session: Session, id_: Id, reason: Reason = None, etag: Version = None) -> None:
    """Put back what is out, take no further host out."""
    _give(session, id_, "cancel", etag, reason, {})


def _which(hosts: list[str] | None, every_host: bool) -> dict[str, Any]:
    """An order for all must be said: a name that was forgotten should not mean everybody."""
    if bool(hosts) == every_host:
        raise bad_use("name hosts, or say --all")
    return {"hosts": hosts} if hosts else {}


def _give(
    session: Session, id_: str, order: str, etag: str | None, reason: str | None,
    body: dict[str, Any],
) -> None:  # fmt: skip
    path = f"drains/{segment(id_)}"
    if etag is None:
        etag = session.client.call("GET", path).headers.get("etag", "")
    if reason is not None:
        body = {**body, "reason": reason}
    told = session.client.call("POST", f"{path}/{order}", body, {"If-Match": etag}).body
    session.output.show(told, lambda drain: tables.drains([drain]))
