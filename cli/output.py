"""What a command found, as JSON, YAML or a table, narrowed by a query as in az."""

import json
import re
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import jmespath
import yaml
from jmespath.exceptions import JMESPathError
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.errors import bad_use
from cli.text import clean, clean_all, is_unsafe

type Row = dict[str, Any]
type Rows = Callable[[Any], list[Row]]

_WIDE = 240
"""Columns where nobody looks: a pipe gets whole lines."""


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
            raise bad_use(f"--query can't be read: {str(error).splitlines()[0]}") from None

    def show(self, value: Any, rows: Rows) -> None:
        """``rows`` makes a table's rows of the value, unless a query has changed its shape."""
        if self._query is not None:
            try:
                value, rows = self._query.search(value), _plain_rows
            except JMESPathError as error:
                raise bad_use(f"--query: {str(error).splitlines()[0]}") from None
        if self.format is Format.json:
            text = json.dumps(value, indent=2, ensure_ascii=False)
            print(re.sub(r"[^\n -~]", _escaped, text))
        elif self.format is Format.yaml:
            print(yaml.safe_dump(clean_all(value), allow_unicode=True, sort_keys=False), end="")
        else:
            show_table(rows(value))

    def note(self, *lines: str) -> None:
        """What a person wants to know besides; scripts read stdout."""
        for line in lines:
            print(clean(line), file=sys.stderr)

    def is_plain(self, format_: Format) -> bool:
        return self.format is format_ and self._query is None


def show_table(rows: list[Row]) -> None:
    if not rows:
        return
    console = Console(file=sys.stdout)
    if not console.is_terminal:
        console = Console(file=sys.stdout, width=_WIDE)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in dict.fromkeys(name for row in rows for name in row):
        table.add_column(Text(clean(name)), overflow="fold")
    for row in rows:
        names = dict.fromkeys(name for each in rows for name in each)
        table.add_row(*(Text(cell(row.get(name))) for name in names))
    console.print(table)


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


def _escaped(found: re.Match[str]) -> str:
    c = found[0]
    return f"\\u{ord(c):04x}" if is_unsafe(c) else c
