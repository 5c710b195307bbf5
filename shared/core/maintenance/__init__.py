"""What is done to an empty host. One file a kind, one line in the union below.

A kind is a frozen value, as a policy holds it, that answers pure questions: what must be looked up
before it can go on (``needs``), how it begins (``begin``), how far it is (``look``), how long it
may take (``longest``), and whether the operator allows it (``faults``). What only a few need to say
has an answer in ``kind.Usual``.
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
