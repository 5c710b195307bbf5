"""A drain on the screen while it moves. It fits 24 lines of 80 columns."""

from collections import Counter
from collections.abc import Mapping

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from cli.output import Row
from cli.tables import expected_line, state, time
from cli.text import clean, short, shortened

ENDED = ("Succeeded", "Failed", "Canceled")
_FIRST = ("restoring", "verifying", "maintaining", "empty", "draining", "queued")
_OVER = ("failed", "canceled", "skipped", "done")
_COLORS = {"failed": "red", "maintaining": "cyan", "verifying": "cyan", "queued": "dim"}


class Screen:
    """Moves in a terminal; elsewhere a line for each change. Use as a context."""

    lines: int | None
    """As many hosts as may be seen; None: all are."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal else None
        self._said: dict[str, str] = {}
        self.lines = console.height if console.is_terminal else None

    def __enter__(self) -> "Screen":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, drain: Row) -> None:
        if self._live is not None:
            height = self._console.height - 1  # a full screen would scroll
            self._live.update(picture(drain, height, self._console.width), refresh=True)
            return
        names = shortened([host["name"] for host in drain["hosts"]])
        for host in drain["hosts"]:
            self._say(host["name"], f"{names[host['name']]}  {host['phase']}  {state(host)}")
        self._say("", f"drain {drain['id']}  {drain['status']}")

    def _say(self, about: str, line: str) -> None:
        line = clean(line).rstrip()
        if self._said.get(about) != line:
            self._said[about] = line
            self._console.print(Text(line), soft_wrap=True)


def picture(drain: Row, height: int, width: int) -> RenderableType:
    """Head, hosts that want a person, hosts on their way, and counts of all that are not shown."""
    head = [_line(f"{short(drain['hostPool'])}: {drain['status']}  {_counts(drain)}", "bold")]
    head.append(_line(f"{drain['id']}  {drain['reason']}", "dim"))
    if line := expected_line(drain):
        head.append(_line(line, "dim"))
    if drain.get("paused"):
        head.append(_line("paused: no further host goes out", "yellow"))
    if drain.get("trouble"):
        head.append(_line(f"the last look failed: {drain['trouble'].get('text', '')}", "red"))
    shown = sorted(
        (host for host in drain["hosts"] if host["attention"] or host["phase"] not in _OVER),
        key=_rank,
    )
    room = max(height - len(head) - 3, 1)  # the table's head, and what is folded, and what is left
    shown = shown[:room]
    rest: Counter[str] = Counter(drain["summary"]) - Counter(host["phase"] for host in shown)
    over = Counter({phase: rest[phase] for phase in rest if phase in _OVER})
    left = rest - over
    parts: list[RenderableType] = [*head]
    if shown:
        parts.append(_table(drain, shown, width))
    if left:
        parts.append(_line(f"and {_tally(left)}", "dim"))
    if over:
        parts.append(_line(f"ended: {_tally(over)}", "dim"))
    return Group(*parts)


def _table(drain: Row, shown: list[Row], width: int) -> Table:
    names = shortened([host["name"] for host in drain["hosts"]])
    table = Table(box=None, pad_edge=False, show_edge=False, width=width)
    most = max(width // 4, 12)
    table.add_column("host", no_wrap=True, overflow="ellipsis", max_width=most)
    table.add_column("phase", no_wrap=True, min_width=11)
    table.add_column("users", no_wrap=True, justify="right")
    table.add_column("until", no_wrap=True, min_width=6)
    table.add_column("", no_wrap=True, overflow="ellipsis", ratio=1)
    for host in shown:
        color = "red" if host["attention"] else _COLORS.get(host["phase"], "")
        sessions = host["sessions"]
        table.add_row(
            Text(clean(names[host["name"]])),
            Text(clean(host["phase"]), color),
            Text("" if sessions is None else str(sessions)),
            Text(clean(time(host["deadline"])[11:])),
            Text(("! " if host["attention"] else "") + clean(state(host)), color),
        )
    return table


def _rank(host: Row) -> tuple[bool, int]:
    return not host["attention"], _place(host["phase"])


def _place(phase: str) -> int:
    """A phase that a newer app may have comes last."""
    known = (*_FIRST, *_OVER)
    return known.index(phase) if phase in known else len(known)


def _counts(drain: Row) -> str:
    return _tally(drain["summary"])


def _tally(phases: Mapping[str, int]) -> str:
    return ", ".join(f"{phases[phase]} {phase}" for phase in sorted(phases, key=_place))


def _line(text: str, style: str) -> Text:
    return Text(clean(text), style, no_wrap=True, overflow="ellipsis")
