"""What a command found, as JSON, YAML or a table, narrowed by a query as in az."""

import json
import re
import sys
from collections.abc import Callable, Sized
from enum import StrEnum
from io import StringIO
from typing import Any

import jmespath
import yaml
from jmespath.exceptions import JMESPathError
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.errors import bad_use
from cli.screen.text import clean, clean_all, is_unsafe

type Row = dict[str, Any]
type Rows = Callable[[Any], list[Row]]

_WIDE = 100_000
"""Columns where nobody looks: a pipe gets whole lines."""
_LINES = box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
"""A line under the head, of what every code page has."""
_UNBROKEN = frozenset({"id", "status", "phase", "host", "drain", "pool", "name"})
"""Columns whose cells are not broken into lines: they are copied. All others make room for them."""
_COPIED = 48
_WORD = 12
"""Columns are not made narrower than their longest word, up to so many characters."""


class Format(StrEnum):
    json = "json"
    table = "table"
    yaml = "yaml"


class Output:
    def __init__(self, format_: Format, query: str | None) -> None:
        """Raises :class:`CommandError` for a query that can't be read, before anything is asked."""
        self.format = format_
        try:
            self._query = jmespath.compile(query) if query else None
        except JMESPathError as error:
            raise bad_use(f"--query can't be read: {_first_line(error)}") from None

    def show(self, value: Any, rows: Rows) -> None:
        """``rows`` makes a table's rows of the value, unless a query has changed its shape."""
        if self._query is not None:
            try:
                value, rows = self._query.search(value), _plain_rows
            except (JMESPathError, ValueError) as error:
                raise bad_use(f"--query: {_first_line(error)}") from None
        if self.format is Format.json:
            text = json.dumps(value, indent=2, ensure_ascii=not _speaks_unicode())
            print(re.sub(r"[^\n -~]", _escaped, text))
        elif self.format is Format.yaml:
            text = yaml.safe_dump(
                clean_all(value), allow_unicode=_speaks_unicode(), sort_keys=False
            )
            print(text, end="")
        else:
            show_table(rows(value))

    def show_one(self, value: Any, rows: Rows) -> None:
        """``rows`` makes the rows of several such values."""
        self.show(value, lambda one: rows([one]))

    def none(self, found: Sized, text: str) -> None:
        """Said to a person where a list is empty: a blank screen says nothing."""
        if not found and self.is_plain(Format.table):
            self.note(text)

    def note(self, *lines: str) -> None:
        """What a person wants to know besides; scripts read stdout."""
        for line in lines:
            print(clean(line), file=sys.stderr)

    def is_plain(self, format_: Format) -> bool:
        return self.format is format_ and self._query is None


def show_table(rows: list[Row]) -> None:
    if not rows:
        return
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[cell(row.get(name)) for name in names] for row in rows]
    table = Table(box=_LINES, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for name, column in zip(names, zip(*cells, strict=True), strict=True):
        title = clean(name)
        if name in _UNBROKEN:
            least = min(max(map(len, (title, *column))), _COPIED)
            table.add_column(Text(title), overflow="ellipsis", no_wrap=True, min_width=least)
        else:
            words = [word for text in (title, *column) for word in text.split()]
            least = min(max(map(len, words), default=1), _WORD)
            table.add_column(Text(title), overflow="fold", min_width=least)
    for row in cells:
        table.add_row(*map(Text, row))
    console = Console(file=sys.stdout)
    if console.is_terminal:
        console.print(table, crop=False)  # what must be wider is wrapped by the terminal
        return
    drawn = StringIO()
    Console(file=drawn, width=_WIDE).print(table)
    for line in drawn.getvalue().splitlines():
        print(line.rstrip())


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (dict, list)):
        return clean(json.dumps(value, ensure_ascii=False))
    return clean(str(value))


def _plain_rows(value: Any) -> list[Row]:
    found = value if isinstance(value, list) else [] if value is None else [value]
    return [
        one
        if isinstance(one, dict)
        else {f"column{n}": part for n, part in enumerate(one, 1)}
        if isinstance(one, list)
        else {"result": one}
        for one in found
    ]


def _first_line(error: JMESPathError) -> str:
    return str(error).splitlines()[0].removesuffix(", for expression:")


def _speaks_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")


def _escaped(found: re.Match[str]) -> str:
    c = found[0]
    return f"\\u{ord(c):04x}" if is_unsafe(c) else c
