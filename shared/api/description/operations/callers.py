"""Who is asking."""

from shared.api.description.operation import Operation
from shared.api.views.caller import CallerView

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GetCaller", "show_caller", "Get who you are",
        "By what name the history knows you, and what you may do where.",
        {200: CallerView},
    ),
)  # fmt: skip
