"""Both descriptions as files, as an app on this machine would serve them:
``python -m shared.api.description.files FOLDER``."""

import json
import sys
from pathlib import Path

from shared.api.description.openapi import document
from shared.api.description.swagger import swagger


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    newer = document("http://127.0.0.1:7071/api/")
    for name, told in (("openapi.json", newer), ("swagger.json", swagger(newer))):
        (folder / name).write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
