"""Redeploy: Azure moves the VM to another physical host."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Literal

from shared.core.host.actions import PowerAction
from shared.core.host.control import HostControl
from shared.core.host.host import HostRecord
from shared.core.maintenance import vmjob
from shared.core.maintenance.kind import Begin, Ended, Finished, Harmless, Needs, NeverBegan, NotYet
from shared.core.maintenance.restart import one_job
from shared.core.observation.look import Look
from shared.core.values.described import described


@dataclass(frozen=True, slots=True)
class Redeploy(Harmless):
    """The host's VM is moved to other hardware. Its temporary disk is lost. One that is stopped
    is left alone: Azure places it anew at its next start."""

    kind: Literal["redeploy"] = "redeploy"
    time_limit: timedelta = described(
        timedelta(hours=1), "how long the move may take; then it counts as failed"
    )
    disturbs: ClassVar[bool] = True
    maintains: ClassVar[bool] = True
    held: ClassVar[bool] = False
    works_on_vm: ClassVar[bool] = True

    def longest(self) -> timedelta:
        return self.time_limit

    def needs(self, host: HostRecord) -> Needs:
        return vmjob.needs_of_maintenance(host)

    def begin(self, look: Look[HostControl], host: HostRecord) -> Begin | NotYet:
        if host.stopped_before:
            return Begin(host)
        return vmjob.begin(look, host, PowerAction.REDEPLOY)

    def look(
        self, look: Look[HostControl], host: HostRecord
    ) -> NotYet | Finished | NeverBegan | Ended:
        if host.stopped_before:
            return Finished("its VM is stopped: Azure places it anew at its next start")
        return one_job(look, host, self.time_limit, "RedeployFailed")
