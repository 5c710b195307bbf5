"""The board: one page for whoever is on call. It holds no data, and reads all through the API."""

from pathlib import Path

FOLDER = Path(__file__).parent
PAGE = "board.html"
KINDS = {".css": "text/css", ".js": "text/javascript"}
FILES = tuple(sorted(each.name for each in FOLDER.iterdir() if each.suffix in KINDS))
"""What the page loads beside itself: styles, and modules."""
_BY_KEY = 'data-signs-in="key"'


def signed_in_by_entra(page: str) -> str:
    """The page, for readers who are let in by App Service authentication."""
    if _BY_KEY not in page:
        raise ValueError(f"the board's page lacks {_BY_KEY}")
    return page.replace(_BY_KEY, 'data-signs-in="entra"')
