"""A drain's progress on the screen: a table that moves in a terminal, plain lines elsewhere."""

from datetime import datetime
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table

_COLORS = {
    "done": "green",
    "failed": "red",
    "canceled": "yellow",
    "skipped": "yellow",
    "queued": "dim",
    "maintaining": "cyan",
    "verifying": "cyan",
}


class Progress:
    """Shows each state of one drain or several that it is given; use as a context."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal else None
        self._shown: dict[str, str] = {}

    def __enter__(self) -> "Progress":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *told: object) -> None:
        if self._live is not None:
            self._live.stop()

    def say(self, text: str) -> None:
        """A line above what moves."""
        self._console.print(text, markup=False, soft_wrap=True)

    def show(self, *drains: dict[str, Any]) -> None:
        if self._live is not None:
            self._live.update(Group(*(_table(drain) for drain in drains)), refresh=True)
            return
        for host in (host for drain in drains for host in drain["hosts"]):
            line = f"{host['phase']:<12} {_waits(host)}"
            if self._shown.get(host["name"]) != line:
                self._shown[host["name"]] = line
                now = datetime.now().astimezone().strftime("%H:%M:%S")
                self._console.print(f"{now}  {host['name']:<26} {line}", soft_wrap=True)


def _table(drain: dict[str, Any]) -> Table:
    table = Table(title=f"{drain['id']}: {drain['status']}", title_justify="left")
    for name in ("host", "phase", "sessions", "waits for, or came to"):
        table.add_column(name, no_wrap=name != "waits for, or came to")
    for host in drain["hosts"]:
        color = _COLORS.get(host["phase"], "bold")
        phase = f"[{color}]{host['phase']}[/{color}]"
        table.add_row(host["name"], phase, str(host["sessions"] or 0), _waits(host))
    return table


def _waits(host: dict[str, Any]) -> str:
    told = host["outcome"] or host["waitsFor"]
    return str(told["text"]) if told else ""
