"""What is wrong with the installation."""

from shared.api.description.operation import Operation
from shared.api.description.parameters import Parameter
from shared.api.http.paging import MOST
from shared.api.views.doctor import DoctorView
from shared.engine.doctor.examine import POOLS

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "Doctor", "doctor", "Look whether all is well",
        "Settings, storage, the clock, timers, and of some host pools whether they can be reached, what the "
        "app may do there and what autoscale does. Each finding says what to do. What cannot be read is "
        "`unknown`, never ok. It changes nothing.",
        {200: DoctorView}, (400,),
        parameters=(
            Parameter("hostPool", "only this host pool, by its resource id"),
            Parameter("$top", f"how many host pools of HOST_POOLS to look at, at most ({POOLS} by default)",
                      kind={"type": "integer", "minimum": 1, "maximum": MOST}),
        ),
    ),
)  # fmt: skip
