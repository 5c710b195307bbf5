"""The hosts that are out, and those that are overdue."""

from shared.api.description.operation import Operation
from shared.api.description.parameters import Parameter
from shared.api.views.pool import ClaimList, OverdueList

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "ListClaims", "list_claims", "List the hosts that are out",
        "Every host that a drain has out, left in drain mode on purpose, or that the watchdog put "
        "back.",
        {200: ClaimList}, (400,),
    ),
    Operation(
        "ListOverdue", "list_overdue", "List the hosts that are overdue",
        "Hosts of a pool that this app has not maintained since a time, longest overdue first; those of "
        "which nothing is known come before all others.",
        {200: OverdueList}, (400, 403, 404),
        parameters=(
            Parameter("hostPool", "the host pool's resource id", required=True),
        ),
    ),
)  # fmt: skip
