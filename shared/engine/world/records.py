"""Records as a whole, whatever pages they come in."""

from shared.ports import Documents

_PAGE = 500


async def every[T](documents: Documents[T], prefix: str = "") -> list[T]:
    """In the order of their keys."""
    found: list[T] = []
    token: str | None = None
    while True:
        page = await documents.list(prefix, _PAGE, token)
        found += page.items
        if page.next is None:
            return found
        token = page.next
