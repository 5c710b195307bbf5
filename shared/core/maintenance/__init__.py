"""What is done to an empty host. One file a kind, one line in the table below.

A kind answers three questions, all pure: what must be looked up before it can go on (``needs``),
how it begins (``begin``), and how far it is (``look``).
"""

from shared.core.maintenance import hold, none, restart
from shared.core.maintenance.kind import Kind
from shared.core.policy import MaintenanceKind

KINDS: dict[MaintenanceKind, Kind] = {
    MaintenanceKind.NONE: none.NoMaintenance(),
    MaintenanceKind.HOLD: hold.Hold(),
    MaintenanceKind.RESTART: restart.RestartMaintenance(),
}
