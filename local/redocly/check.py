"""``python -m local.redocly.check``: lints both API descriptions. Errors and warnings both
count."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from local.install import LOCAL, call

HERE = Path(__file__).parent
DESCRIPTIONS = ("openapi.json", "swagger.json")


def main() -> int:
    folder = LOCAL / "description"
    code = call("-m", "shared.api.description.files", str(folder))
    tool = LOCAL / "redocly" / "node_modules" / "@redocly" / "cli" / "bin" / "cli.js"
    lint = [shutil.which("node") or "node", str(tool), "lint", "--max-problems", "20"]
    lint += ["--config", str(HERE / "redocly.yaml"), "--format", "json"]
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    for name in DESCRIPTIONS:
        done = subprocess.run(
            [*lint, str(folder / name)],
            env={**os.environ, **quiet},
            capture_output=True,
            text=True,
            check=False,
        )
        found = _json_in(done.stdout)
        totals = found.get("totals", {})
        if done.returncode != 0 or totals.get("errors") != 0 or totals.get("warnings") != 0:
            print(json.dumps(found, indent=1)[:5000] if found else done.stdout + done.stderr)
            code = 1
        else:
            print(f"{name}: no errors, no warnings")
    return code


def _json_in(text: str) -> dict[str, Any]:
    """The JSON in the tool's output, which has other text around it."""
    start, end = text.find("{"), text.rfind("}")
    try:
        found: dict[str, Any] = json.loads(text[start : end + 1])
    except ValueError:
        return {}
    return found


if __name__ == "__main__":
    sys.exit(main())
