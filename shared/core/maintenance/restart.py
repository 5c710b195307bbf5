"""Restart the VM once, as a long operation. A stopped VM is started instead."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Literal

from shared.core.host.actions import PowerAction
from shared.core.host.control import HostControl
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.maintenance import vmjob
from shared.core.maintenance.kind import Begin, Ended, Finished, Harmless, Needs, NeverBegan, NotYet
from shared.core.observation.look import Look
from shared.core.values.described import described


@dataclass(frozen=True, slots=True)
class Restart(Harmless):
    """The host's VM is restarted. One that was stopped is started, and stopped again after."""

    kind: Literal["restart"] = "restart"
    time_limit: timedelta = described(
        timedelta(minutes=30), "how long the restart may take; then it counts as failed"
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
        what = PowerAction.START if host.stopped_before else PowerAction.RESTART
        return vmjob.begin(look, host, what)

    def look(
        self, look: Look[HostControl], host: HostRecord
    ) -> NotYet | Finished | NeverBegan | Ended:
        return one_job(look, host, self.time_limit, "RestartFailed")


def one_job(
    look: Look[HostControl], host: HostRecord, at_most: timedelta, code: str
) -> NotYet | Finished | NeverBegan | Ended:
    """How far a maintenance is that consists of one operation on the VM. ``code``: of the ending if
    it fails."""
    job = host.maintenance.job
    if job is None:
        return NeverBegan("it has not begun")
    match vmjob.watch(look, host.key, job, at_most):
        case vmjob.Over(text):
            return Finished(text)
        case vmjob.Failed(text):
            return Ended(Ending(Phase.FAILED, code, text, attention=True))
        case open_:
            return open_
