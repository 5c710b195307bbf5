"""The identity of a host pool: its resource id, parsed and formatted."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

_RESOURCE_ID = re.compile(
    r"^/subscriptions/(?P<subscription>[0-9a-f-]{36})/resourceGroups/(?P<group>[-\w.()]{0,89}[-\w()])"
    r"/providers/Microsoft\.DesktopVirtualization/hostPools/(?P<name>[A-Za-z0-9@._ -]{3,64})/?$",
    re.IGNORECASE,
)
_UNSAFE = re.compile(r"[^a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class HostPoolId:
    """A host pool's resource id, in its parts. Letter case does not change the ``key``."""

    subscription: str
    resource_group: str
    name: str

    @classmethod
    def parse(cls, resource_id: str) -> "HostPoolId":
        """Parse a resource id in any letter case. Raises ValueError if it is not a host pool's."""
        found = _RESOURCE_ID.fullmatch(resource_id.strip())
        if found is None:
            raise ValueError(
                "not a host pool's resource id: expected /subscriptions/<guid>/resourceGroups/"
                "<group>/providers/Microsoft.DesktopVirtualization/hostPools/<name>"
            )
        return cls(found["subscription"].lower(), found["group"], found["name"])

    @property
    def resource_id(self) -> str:
        """The resource id in the vendor's casing, with the parts as they were given."""
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.resource_group}"
            f"/providers/Microsoft.DesktopVirtualization/hostPools/{self.name}"
        )

    @property
    def key(self) -> str:
        """The pool's identity in storage and in drain ids: short, readable, and the same in any
        letter case.

        Resource ids contain characters that table keys may not. The digest distinguishes pools of
        the same name; the name helps operators who read the tables.
        """
        return _key(self)


@lru_cache(maxsize=1024)
def _key(pool: HostPoolId) -> str:
    digest = hashlib.sha256(pool.resource_id.lower().encode()).hexdigest()[:10]
    return f"{_UNSAFE.sub('-', pool.name.lower())[:40].strip('-')}-{digest}"
