"""Restart the VM, as the long operation it is, once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.core.actions import Restart
from shared.core.maintenance.kind import Begin, Ended, Finished, Needs, NeverBegan, NotYet
from shared.core.model import Control, Ending, HostRecord, MaintenanceRecord
from shared.core.phases import Phase
from shared.core.seen import MachineSeen, OperationState, Seen
from shared.core.turn import Pace

AT_MOST = timedelta(minutes=30)
"""A restart that takes longer counts as failed; the service takes minutes."""


@dataclass(frozen=True, slots=True)
class RestartMaintenance:
    def needs(self, host: HostRecord) -> Needs:
        if host.phase is Phase.MAINTAINING and host.maintenance.operation is not None:
            return Needs(operation=host.maintenance.operation)
        if host.empty_since is not None or host.maintenance.unsure_since is not None:
            return Needs(machine=host.vm_id)
        return Needs()

    def begin(self, host: HostRecord, seen: Seen, now: datetime, pace: Pace) -> Begin | NotYet:
        if host.vm_id is None:
            text = "the service to name its VM"
            return NotYet("vm", text, now + pace.usual)
        machine = seen.machines.get(host.key)
        if machine is None:
            return NotYet("vm", "its VM's state", now + pace.soon)
        if machine.busy:
            return NotYet("vm", "another operation on its VM to end", now + pace.usual)
        noted = MaintenanceRecord(
            changed_before=machine.changed_at, refusals=host.maintenance.refusals
        )
        return Begin(
            replace(host, maintenance=noted),
            Restart(host.key, host.vm_id, "it is empty"),
        )

    def look(
        self, control: Control, host: HostRecord, seen: Seen, now: datetime, pace: Pace
    ) -> NotYet | Finished | NeverBegan | Ended:
        done = host.maintenance
        if now >= (done.begun_at or now) + AT_MOST:
            return _failed(f"the restart did not end within {AT_MOST}")
        if done.operation is None:
            return _find_out(done, seen.machines.get(host.key), now, pace)
        operation = seen.operations.get(host.key)
        if operation is None or operation.state is OperationState.RUNNING:
            return NotYet("restart", "its VM to restart", now + pace.soon)
        if operation.state is OperationState.FAILED:
            return _failed(f"the restart failed: {operation.text}")
        return Finished("restarted")


def _find_out(
    done: MaintenanceRecord, machine: MachineSeen | None, now: datetime, pace: Pace
) -> NotYet | Finished | NeverBegan:
    """After a lost answer: the VM shows an operation under way, or one that ended since."""
    if machine is not None and not machine.busy:
        if machine.changed_at != done.changed_before:
            return Finished("restarted, as its VM shows: the answer had been lost")
        if done.unsure_since is None or now >= done.unsure_since + pace.late:
            return NeverBegan("its VM shows no restart: the request had been lost")
    return NotYet("restart", "its VM to show whether it restarts", now + pace.soon)


def _failed(text: str) -> Ended:
    return Ended(Ending(Phase.FAILED, "RestartFailed", text, attention=True))
