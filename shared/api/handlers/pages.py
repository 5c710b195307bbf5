"""The API description, a page to read it on, and the board. They hold no secret, so they need no
key."""

from dataclasses import replace
from pathlib import Path

from shared.api import board as files, description
from shared.api.description.openapi import document
from shared.api.description.swagger import swagger as older
from shared.api.http.web import Request, Response
from shared.core.start.doctor.installation import SignsBy
from shared.engine.world.outside import Outside
from shared.errors import RefusalKind, RequestRefusedError

PAGE = Path(description.__file__).with_name("page.html")
BOARD_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
"""Only what the app itself serves may be run, shown or requested, and no text becomes markup."""


async def openapi(outside: Outside, request: Request, by: str) -> Response:
    """GET openapi.json."""
    return Response(200, document(request.base))


async def swagger(outside: Outside, request: Request, by: str) -> Response:
    """GET swagger.json."""
    return Response(200, older(document(request.base)))


async def docs(outside: Outside, request: Request, by: str) -> Response:
    """GET docs: the page loads openapi.json, and nothing from elsewhere."""
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
        "script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(200, PAGE.read_text(encoding="utf-8"), headers, "text/html")


async def board(outside: Outside, request: Request, by: str) -> Response:
    """GET board: the page, which says how its reader signs in. It reads all it shows by the API, as
    that reader."""
    page = _file(files.FOLDER / files.PAGE, "text/html")
    if outside.options.installation.callers is not SignsBy.IDENTITY:
        return page
    return replace(page, body=files.signed_in_by_entra(str(page.body)))


async def board_file(outside: Outside, request: Request, by: str) -> Response:
    """GET board/{file}: the board's styles and modules."""
    path = files.FILES.get(request.path["file"])
    if path is None:
        raise RequestRefusedError(
            RefusalKind.NOT_FOUND, "FileNotFound", "the board has no such file"
        )
    return _file(path, files.KINDS[path.suffix])


def _file(path: Path, kind: str) -> Response:
    return Response(200, path.read_text(encoding="utf-8"), BOARD_HEADERS, kind)
