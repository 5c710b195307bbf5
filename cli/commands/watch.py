"""Drains on the screen while they move: a picture in a terminal, a line for each change elsewhere."""

from datetime import UTC, datetime

from rich.console import Console
from rich.live import Live
from rich.text import Text

from cli.screen.output import Row
from cli.screen.picture import picture
from cli.screen.tables import state
from cli.screen.text import clean, short, shortened


class Screen:
    """Moves in a terminal; elsewhere a line for each change. Use as a context."""

    lines: int | None
    """As many hosts as may be seen; None: all are."""

    def __init__(self, console: Console, *, several: bool) -> None:
        self._console = console
        self._several = several
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal else None
        self._said: dict[tuple[str, str], str] = {}
        self.lines = console.height if console.is_terminal else None

    def __enter__(self) -> "Screen":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, drains: list[Row]) -> None:
        if self._live is not None:
            height = self._console.height - 1  # a full screen would scroll
            self._live.update(picture(drains, height, self._console.width), refresh=True)
            return
        for drain in drains:
            self._lines(drain, f"{short(drain['hostPool'])}  " if self._several else "")

    def note(self, line: str) -> None:
        """A line that stays, above what moves."""
        now = datetime.now(UTC).strftime("%H:%M:%SZ")
        self._console.print(Text(clean(f"{now}  {line}").rstrip()), soft_wrap=True)

    def _lines(self, drain: Row, pool: str) -> None:
        names = shortened([host["name"] for host in drain["hosts"]])
        wide = min(max((len(name) for name in names.values()), default=0), 30)
        for host in drain["hosts"]:
            line = f"{pool}{names[host['name']]:<{wide}}  {host['phase']:<11}  {state(host)}"
            self._say((drain["id"], host["name"]), line)
        paused = ", paused" if drain.get("paused") else ""
        self._say((drain["id"], ""), f"{pool}drain {drain['id']}  {drain['status']}{paused}")

    def _say(self, about: tuple[str, str], line: str) -> None:
        if self._said.get(about) != line:
            self._said[about] = line
            self.note(line)
