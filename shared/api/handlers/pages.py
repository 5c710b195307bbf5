"""The description of the API, and a page to read it on. Anybody may: it holds no secret."""

from pathlib import Path

from shared.api import description
from shared.api.description.openapi import document
from shared.api.description.swagger import swagger as older
from shared.api.http.web import Request, Response
from shared.engine.world.outside import Outside

PAGE = Path(description.__file__).with_name("page.html")


async def openapi(outside: Outside, request: Request, by: str) -> Response:
    """GET openapi.json."""
    return Response(200, document(request.base))


async def swagger(outside: Outside, request: Request, by: str) -> Response:
    """GET swagger.json."""
    return Response(200, older(document(request.base)))


async def docs(outside: Outside, request: Request, by: str) -> Response:
    """GET docs: it loads openapi.json, and nothing from elsewhere."""
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
        "script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(200, PAGE.read_text(encoding="utf-8"), headers, "text/html")
