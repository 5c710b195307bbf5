"""Azure resources: the ids of virtual machines and of maintenance runs, and tags."""

import re
from collections.abc import Mapping

_VM = re.compile(
    r"^/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.Compute/virtualMachines/(?P<name>[^/]+)$",
    re.IGNORECASE,
)
_RUN = re.compile(
    r"^/subscriptions/[0-9a-f-]{36}/resourcegroups/[-\w.()]{1,90}/providers/microsoft[.]maintenance"
    r"/maintenanceconfigurations/[-\w.()]{1,260}/providers/microsoft[.]maintenance/applyupdates"
    r"/[-\w.()]{1,100}$",
    re.IGNORECASE,
)


def parts_of_vm(vm_id: str) -> tuple[str, str, str] | None:
    """Subscription, resource group and name; None for what is no VM of Microsoft.Compute."""
    found = _VM.fullmatch(vm_id)
    return None if found is None else (found["subscription"], found["group"], found["name"])


def is_run(run: str) -> bool:
    """Whether it is the id of a maintenance run (``applyUpdates``)."""
    return _RUN.fullmatch(run) is not None


def find(tags: Mapping[str, str], name: str) -> str | None:
    """A tag's value, None if it is not there. Names of tags are compared without case."""
    return next((value for key, value in tags.items() if key.lower() == name.lower()), None)
