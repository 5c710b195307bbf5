"""The commands by their names, and the entry point."""

import io
import os
import sys
import traceback
from importlib import metadata
from typing import Annotated

import typer

from cli.commands import campaigns, doctor, drains, notify, orders, schedules
from cli.errors import Exit

_HELP = """Drains Azure Virtual Desktop session hosts for maintenance, through the avd-drain app.

Its address is --url or AVD_DRAIN_URL; who asks is AVD_DRAIN_KEY (a function key), or --scope.

Exit codes: 0 done, 1 it did not succeed, or the doctor found an error, 2 bad use, 3 refused, 4 not reachable,
5 a person should look, 130 interrupted.
"""

_commands = typer.Typer(
    name="avd-drain", help=_HELP, no_args_is_help=True, rich_markup_mode=None,
    pretty_exceptions_enable=False,
)  # fmt: skip


def _version(asked: bool) -> None:
    if asked:
        try:
            print(f"avd-drain {metadata.version('avd-drain')}")
        except metadata.PackageNotFoundError:
            print("avd-drain, from a checkout that is not installed")
        raise typer.Exit


@_commands.callback()
def _all(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


for _name, _function in {
    "plan": drains.plan, "start": drains.start, "watch": drains.watch, "list": drains.list_,
    "show": drains.show, "policy": drains.policy, "history": drains.history, "claims": drains.claims,
    "release": orders.release, "extend": orders.extend, "skip": orders.skip, "add": orders.add,
    "pause": orders.pause, "resume": orders.resume, "cancel": orders.cancel,
    "schedules": schedules.schedules, "run": schedules.run, "report": schedules.report,
    "campaigns": campaigns.campaigns,
    "doctor": doctor.doctor,
    "notifications": notify.notifications, "notify": notify.notify,
}.items():  # fmt: skip
    _commands.command(_name)(_function)


def app() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A pipe on Windows speaks a code page, unless its reader says which encoding they want.
            encoding = None if os.environ.get("PYTHONIOENCODING") else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")
    try:
        _commands(prog_name="avd-drain")
    except Exception:  # noqa: BLE001 told whole, and not by an exit code that means a failed drain
        traceback.print_exc()
        sys.exit(Exit.FAULT)


if __name__ == "__main__":
    app()
