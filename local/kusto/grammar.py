"""Asks the vendor's own language service whether queries can be run on the tables of tables.json.

The tables are from the vendor's reference of Azure Monitor's logs (AppMetrics and so on). It does
not know what is inside a ``dynamic`` column.
"""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / ".local/kusto/node_modules/@kusto/language-service-next"


@dataclass(frozen=True, slots=True)
class Fault:
    line: int
    column: int
    code: str
    """The vendor's code, such as KS142."""
    message: str


@dataclass(frozen=True, slots=True)
class Looked:
    faults: tuple[Fault, ...]
    columns: Mapping[str, str]
    """The type of each column that the query returns, by its name."""


def look(queries: Mapping[str, str]) -> dict[str, Looked]:
    """What is wrong with each query (warnings included), and what it returns. Raises RuntimeError
    if the service cannot be asked."""
    node = shutil.which("node")
    if node is None or not PACKAGE.is_dir():
        raise RuntimeError("the grammar of the query language is not there: python dev.py check")
    words = [node, str(HERE / "check.cjs"), str(PACKAGE), str(HERE / "tables.json")]
    run = subprocess.run(
        words, input=json.dumps(queries), capture_output=True, text=True, check=False, timeout=120
    )
    if run.returncode != 0:
        raise RuntimeError(f"the language service failed: {run.stderr[-2000:]}")
    return {name: _looked(found) for name, found in json.loads(run.stdout).items()}


def _looked(found: Mapping[str, object]) -> Looked:
    faults, columns = found["faults"], found["columns"]
    if not isinstance(faults, list) or not isinstance(columns, dict):
        raise RuntimeError("the language service answered in another shape")
    return Looked(
        tuple(Fault(f["line"], f["column"], f["code"], f["message"]) for f in faults), columns
    )
