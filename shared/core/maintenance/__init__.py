"""What is done to an empty host. One file for each kind, one line in the union below.

A kind is a frozen value that a policy holds. Its methods are pure: what must be read before it can
go on (``needs``), how it begins (``begin``), how far it is (``look``), how long it may take
(``longest``), and whether the operator allows it (``faults``). ``kind.Usual`` has answers for
methods that only a few kinds need.
"""

from shared.core.maintenance.deallocate import Deallocate
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.none import NoMaintenance
from shared.core.maintenance.redeploy import Redeploy
from shared.core.maintenance.restart import Restart
from shared.core.maintenance.runcommand import RunCommand
from shared.core.maintenance.updaterun import UpdateRun
from shared.core.maintenance.webhook import Webhook

Maintenance = (
    Hold | NoMaintenance | Restart | Deallocate | Redeploy | RunCommand | Webhook | UpdateRun
)
"""The first is the default."""
