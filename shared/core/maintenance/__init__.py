"""Which maintenance a policy can ask for. One file for each kind, one line in the union below.

A kind is a frozen value that a policy holds: its fields, whether the operator allows it
(``faults``), and how long it may take (``longest``). How it is done is told in ``work``.
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
