"""Reading all records of one kind, page by page."""

from shared.errors import ChangedError
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


async def stored[T](documents: Documents[T], key: str, made: T, was: tuple[T, str] | None) -> None:
    """Put a record in the place of the one that was read. Raises ChangedError if that has changed,
    or (``was`` None) if there is one by now."""
    if was is None:
        await documents.insert(key, made)
    else:
        await documents.replace(key, made, was[1])


async def taken_back[T](documents: Documents[T], key: str, made: T) -> bool:
    """Remove a record that was just made. Not done, and false, if somebody has changed it since."""
    found = await documents.get(key)
    if found is None or found[0] != made:
        return False
    try:
        await documents.delete(key, found[1])
    except ChangedError:
        return False
    return True
