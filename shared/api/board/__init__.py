"""The board: one page for whoever is on call. It holds no data, and reads all through the API."""

from pathlib import Path

FOLDER = Path(__file__).parent
PAGE = "board.html"
KINDS = {".css": "text/css", ".js": "text/javascript"}
FILES = tuple(sorted(each.name for each in FOLDER.iterdir() if each.suffix in KINDS))
"""What the page loads beside itself: styles, and modules."""
