"""Tags of Azure resources: their names are compared without regard to letter case."""

from collections.abc import Mapping


def find(tags: Mapping[str, str], name: str) -> str | None:
    """A tag's value, None if it is not there. Names of tags are compared without case."""
    return next((value for key, value in tags.items() if key.lower() == name.lower()), None)
