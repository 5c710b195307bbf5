"""Resource ids of virtual machines. A session host may run on what is none, on Azure Local say."""

import re

_VM = re.compile(
    r"^/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.Compute/virtualMachines/(?P<name>[^/]+)$",
    re.IGNORECASE,
)


def parts_of_vm(vm_id: str) -> tuple[str, str, str] | None:
    """Subscription, resource group and name; None for what is no VM of Microsoft.Compute."""
    found = _VM.match(vm_id)
    return None if found is None else (found["subscription"], found["group"], found["name"])
