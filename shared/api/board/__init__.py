"""The board: one page for whoever is on call. It holds no data, and reads all through the API."""

from pathlib import Path

FOLDER = Path(__file__).parent
PAGE = "board.html"
KINDS = {".css": "text/css", ".js": "text/javascript"}
FILES = {each.name: each for each in sorted(FOLDER.rglob("*")) if each.suffix in KINDS}
"""The files that the page loads, by their names: styles, and modules. ``show`` draws, ``act`` gives orders. All have
their address beside the page."""
_BY_KEY = 'data-signs-in="key"'


def signed_in_by_entra(page: str) -> str:
    """The page, for readers who are let in by App Service authentication."""
    if _BY_KEY not in page:
        raise ValueError(f"the board's page lacks {_BY_KEY}")
    return page.replace(_BY_KEY, 'data-signs-in="entra"')
