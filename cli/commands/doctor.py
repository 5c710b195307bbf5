"""The command that asks whether the app is well."""

from typing import Annotated

import typer

from cli.errors import CommandError, Exit
from cli.options import Session, command
from cli.screen import tables


@command
def doctor(
    session: Session,
    pool: Annotated[str | None, typer.Option(help="only this host pool")] = None,
    top: Annotated[
        int | None, typer.Option(min=1, max=200, help="look at so many host pools")
    ] = None,
) -> None:
    """Whether the installation is well, and what to do if it is not."""
    query = {"hostPool": pool, "$top": str(top) if top is not None else None}
    told = session.client.call("GET", "doctor", query=query).body
    session.output.show(told, tables.findings)
    if told["hostPoolsLeft"]:
        session.output.note(f"{told['hostPoolsLeft']} host pools were not looked at: --top")
    if told["status"] == "error":
        raise CommandError(Exit.NOT_SUCCEEDED, "something is wrong: see what is to be done")
    if told["status"] not in ("ok", "warning"):  # a newer app may have other words
        raise CommandError(Exit.ATTENTION, "something could not be read, which is not ok")
