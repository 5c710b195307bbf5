"""Ids of Azure resources (virtual machines, maintenance runs), and resource tags."""

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
    """Subscription, resource group and name of a VM. None if the id is not one of a
    Microsoft.Compute VM."""
    found = _VM.fullmatch(vm_id)
    return None if found is None else (found["subscription"], found["group"], found["name"])


def is_run(run: str) -> bool:
    """Whether the text is the resource id of a maintenance run (``applyUpdates``)."""
    return _RUN.fullmatch(run) is not None


def find(tags: Mapping[str, str], name: str) -> str | None:
    """The value of a tag, None if there is none. Letter case in tag names does not matter."""
    return next((value for key, value in tags.items() if key.lower() == name.lower()), None)
