"""What is on the screen while drains move. It fits the lines and columns that it is given."""

from collections import Counter
from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.screen.output import Row
from cli.screen.tables import deadline, expected_line, state, time
from cli.screen.text import clean, short, shortened

ENDED = ("Succeeded", "Failed", "Canceled")
_GOING_ON = ("NotStarted", "Running")
_FIRST = ("restoring", "verifying", "maintaining", "empty", "draining", "queued")
_OVER = ("failed", "canceled", "skipped", "done")
_COLORS = {"failed": "red", "maintaining": "cyan", "verifying": "cyan", "queued": "dim"}
_LEAST = 7
"""Lines for one drain of several: its head, a host with the table's head, and what is folded."""
_FULL = 12
"""Lines from which on it is told when a drain is expected to end."""
_ENDED_LINES = 5


def has_ended(one: Row) -> bool:
    """Whether a drain or a campaign has ended. Raises LookupError for a status that this version does not know: whoever
    waits would wait for ever, and whoever asks would be told that all is well."""
    status = one["status"]
    if status not in (*ENDED, *_GOING_ON):
        raise LookupError(f"the status '{status}'")
    return status in ENDED


def picture(drains: list[Row], height: int, width: int) -> RenderableType:
    """Those that run share the lines; those that ended are a line each, and folded where they are many."""
    if len(drains) == 1:
        return Group(*_drain(drains[0], height, width))
    running = [drain for drain in drains if drain["status"] not in ENDED]
    over = _ended([drain for drain in drains if drain["status"] in ENDED])
    room = height - len(over)
    shown = running[: max((room - 1) // _LEAST, 1)]
    parts: list[RenderableType] = []
    for drain in shown:
        parts += _drain(drain, (room - 1) // len(shown), width)
    if hidden := running[len(shown) :]:
        names = ", ".join(short(drain["hostPool"]) for drain in hidden)
        parts.append(_line(f"and {len(hidden)} more that run: {names}", "dim"))
    return Group(*parts, *over)


def _ended(drains: list[Row]) -> list[RenderableType]:
    told = sorted(drains, key=lambda drain: drain["status"] == "Succeeded")
    lines: list[RenderableType] = [_title(drain) for drain in told[:_ENDED_LINES]]
    if more := Counter(drain["status"] for drain in told[_ENDED_LINES:]):
        lines.append(
            _line("and " + ", ".join(f"{n} {status}" for status, n in more.items()), "dim")
        )
    return lines


def _drain(drain: Row, height: int, width: int) -> list[RenderableType]:
    """Head, hosts that want a person, hosts on their way, and counts of all that are not shown."""
    head = [_title(drain), _line(f"{drain['id']}  {drain['reason']}", "dim")]
    if height >= _FULL and (line := expected_line(drain)):
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
        parts.append(_line(f"and {tally(left)}", "dim"))
    if over:
        parts.append(_line(f"ended: {tally(over)}", "dim"))
    return parts


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
            Text(clean(time(deadline(host))[11:])),
            Text(("! " if host["attention"] else "") + clean(state(host)), color),
        )
    return table


def _rank(host: Row) -> tuple[bool, int]:
    return not host["attention"], _place(host["phase"])


def _place(phase: str) -> int:
    """A phase that a newer app may have comes last."""
    known = (*_FIRST, *_OVER)
    return known.index(phase) if phase in known else len(known)


def tally(phases: Mapping[str, int]) -> str:
    return ", ".join(f"{phases[phase]} {phase}" for phase in sorted(phases, key=_place))


def _title(drain: Row) -> Text:
    return _line(
        f"{short(drain['hostPool'])}: {drain['status']}  {tally(drain['summary'])}", "bold"
    )


def _line(text: str, style: str) -> Text:
    return Text(clean(text), style, no_wrap=True, overflow="ellipsis")
