"""The description of the API, and a page to read it on. Anybody may: it holds no secret."""

import json
import sys
from pathlib import Path

from shared.api.openapi import document
from shared.api.swagger import swagger
from shared.api.web import Request, Response
from shared.engine.world.outside import Outside

PAGE = Path(__file__).with_name("page.html")


async def openapi_31(outside: Outside, request: Request, by: str) -> Response:
    """GET openapi.json."""
    return Response(200, document(request.base))


async def openapi_20(outside: Outside, request: Request, by: str) -> Response:
    """GET swagger.json."""
    return Response(200, swagger(document(request.base)))


async def page(outside: Outside, request: Request, by: str) -> Response:
    """GET docs: it loads openapi.json, and nothing from elsewhere."""
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
        "script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(200, PAGE.read_text(encoding="utf-8"), headers, "text/html")


def write(folder: Path) -> None:
    """Both descriptions as files, as an app on this machine would serve them."""
    folder.mkdir(parents=True, exist_ok=True)
    newer = document("http://127.0.0.1:7071/api/")
    for name, told in (("openapi.json", newer), ("swagger.json", swagger(newer))):
        (folder / name).write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
