"""The commands by their names, and the entry point."""

import io
import sys

import typer

from cli import doctor, drains, nights, notify, orders

_HELP = """Drains Azure Virtual Desktop session hosts for maintenance, through the avd-drain app.

Its address is --url or AVD_DRAIN_URL; who asks is AVD_DRAIN_KEY (a function key), or --scope.

Exit codes: 0 done, 1 the drain did not succeed, or the doctor found an error, 2 bad use, 3 refused, 4 not reachable,
5 a person should look.
"""

_commands = typer.Typer(
    name="avd-drain", help=_HELP, no_args_is_help=True, rich_markup_mode=None,
    pretty_exceptions_enable=False,
)  # fmt: skip
for _name, _function in {
    "plan": drains.plan, "start": drains.start, "watch": drains.watch, "list": drains.list_,
    "show": drains.show, "policy": drains.policy, "history": drains.history, "claims": drains.claims,
    "release": orders.release, "extend": orders.extend, "skip": orders.skip, "add": orders.add,
    "pause": orders.pause, "resume": orders.resume, "cancel": orders.cancel,
    "schedules": nights.schedules, "campaigns": nights.campaigns, "report": nights.report,
    "doctor": doctor.doctor,
    "notifications": notify.notifications, "notify": notify.notify,
}.items():  # fmt: skip
    _commands.command(_name)(_function)


def app() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a pipe on Windows speaks a code page
            stream.reconfigure(encoding="utf-8", errors="replace")
    _commands()


if __name__ == "__main__":
    app()
