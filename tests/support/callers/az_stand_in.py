"""A stand-in for ``az`` where it is not installed: the two commands that scripts/put-back.sh uses,
as HTTP calls.

``az storage entity query`` reads the table of ``AZURE_STORAGE_CONNECTION_STRING``. ``az rest``
calls the simulated Azure at ``SIMULATED_ARM``, and fails like az: the status and the body on
stderr, exit code 1.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser
from typing import Any

from azure.data.tables import TableClient


def entities(table: str, where: str) -> dict[str, Any]:
    text = os.environ["AZURE_STORAGE_CONNECTION_STRING"]
    with TableClient.from_connection_string(text, table) as client:
        items = [dict(entity) for entity in client.query_entities(where)]
    return {"items": items, "nextMarker": {}}


def rest(method: str, url: str, body: str | None) -> Any:
    request = urllib.request.Request(
        os.environ["SIMULATED_ARM"] + url,
        body.encode() if body is not None else None,
        {"Authorization": "Bearer t", "Content-Type": "application/json"},
        method=method.upper(),
    )
    try:
        with urllib.request.urlopen(request) as response:
            return json.loads(response.read() or b"null")
    except urllib.error.HTTPError as error:
        sys.exit(f"ERROR: {error.reason}({error.read().decode()})")


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("words", nargs="+")
    for name in ("table-name", "filter", "method", "url", "body", "output", "account-name"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--only-show-errors", action="store_true")
    given = parser.parse_args()
    match given.words:
        case ["storage", "entity", "query"]:
            found = entities(given.table_name, given.filter)
        case ["rest"]:
            found = rest(given.method, given.url, given.body)
        case _:
            sys.exit(f"az {' '.join(given.words)} is not known here")
    if given.output != "none":
        print(json.dumps(found, default=str))


if __name__ == "__main__":
    main()
