"""How the maintenance of an empty host is done. One file for each kind, one case in the match below."""

from shared.core.maintenance import Maintenance
from shared.core.maintenance.deallocate import Deallocate
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.none import NoMaintenance
from shared.core.maintenance.redeploy import Redeploy
from shared.core.maintenance.restart import Restart
from shared.core.maintenance.runcommand import RunCommand
from shared.core.maintenance.updaterun import UpdateRun
from shared.core.maintenance.webhook import Webhook
from shared.core.maintenance.work.deallocate import DeallocateWork
from shared.core.maintenance.work.hold import HoldWork
from shared.core.maintenance.work.none import NoWork
from shared.core.maintenance.work.redeploy import RedeployWork
from shared.core.maintenance.work.restart import RestartWork
from shared.core.maintenance.work.runcommand import RunCommandWork
from shared.core.maintenance.work.updaterun import UpdateRunWork
from shared.core.maintenance.work.webhook import WebhookWork
from shared.core.maintenance.work.work import Work


def work_of(maintenance: Maintenance) -> Work[Maintenance]:
    """The rules of the kind of maintenance that a policy asks for."""
    match maintenance:
        case Hold():
            return HoldWork(maintenance)
        case NoMaintenance():
            return NoWork(maintenance)
        case Restart():
            return RestartWork(maintenance)
        case Deallocate():
            return DeallocateWork(maintenance)
        case Redeploy():
            return RedeployWork(maintenance)
        case RunCommand():
            return RunCommandWork(maintenance)
        case Webhook():
            return WebhookWork(maintenance)
        case UpdateRun():
            return UpdateRunWork(maintenance)
