"""The text of the queries, and the parameters that the workbook sets in them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUERIES = ROOT / "infra" / "queries"

PARAMETERS = {
    "let pools = dynamic([]);": "let pools = dynamic([{Pool}]);",
    "let grain = 5m;": "let grain = {TimeRange:grain};",
    "let drain = '';": "let drain = '{Drain}';",
}
"""A line that a query of the board may begin with, and its replacement in the workbook. As stored,
a query can be run as it is: for all pools, in steps of five minutes."""

FILLED = {"{Pool}": "'hp-finance','hp-sales'", "{TimeRange:grain}": "30m", "{Drain}": "drn-1"}
"""Values that the workbook may fill in."""


def queries(folder: str = "") -> dict[str, str]:
    """The text of each query, by its path without the suffix."""
    found = sorted((QUERIES / folder).rglob("*.kql"))
    return {
        path.relative_to(QUERIES).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
        for path in found
    }


def for_workbook(query: str) -> str:
    """The query with the workbook's parameters. Raises ValueError for a first line that sets
    anything else."""
    lines = query.strip().split("\n")
    for at, line in enumerate(lines):
        if line in PARAMETERS:
            lines[at] = PARAMETERS[line]
        elif re.match(r"let (pools|grain|drain)\b", line):
            raise ValueError(f"not one of the workbook's parameters: {line}")
    return "\n".join(lines)


def filled(query: str) -> str:
    """The query as the workbook sends it, with sample values."""
    for name, value in FILLED.items():
        query = query.replace(name, value)
    return query
