"""Reading all records of one kind, page by page."""

from shared.ports import Documents

_PAGE = 500


async def every[T](documents: Documents[T], prefix: str = "") -> list[T]:
    """All documents whose keys begin with ``prefix``, in the order of their keys. Raises
    StorageError."""
    found: list[T] = []
    token: str | None = None
    while True:
        page = await documents.list(prefix, _PAGE, token)
        found += page.items
        if page.next is None:
            return found
        token = page.next
