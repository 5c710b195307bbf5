"""Run a script on the VM: one that the operator of the app allows by name.

The run is a resource of the VM with a name of its own, so its state can be read after a crash. It
is requested again only if the VM has no such run. When the script has ended, the run is removed,
because a VM holds a limited number of runs.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.core.host.actions import ForgetScript, PowerAction, RunScript
from shared.core.host.control import HostControl
from shared.core.host.host import Ending, Errand, HostRecord
from shared.core.host.phases import Phase
from shared.core.maintenance.runcommand import START_WITHIN, RunCommand
from shared.core.maintenance.work import vmjob
from shared.core.maintenance.work.work import (
    Begin,
    Ended,
    Finished,
    HostLook,
    Needs,
    NeverBegan,
    NotYet,
    Progress,
    Work,
)
from shared.core.observation.seen import OperationState, ScriptSeen
from shared.core.values.pace import Pace

LONGEST_OUTPUT = 4096
"""Characters of a script's output that are kept, from its end."""
_SHOWN = 200
_FORGET_WITHIN = timedelta(minutes=30)
"""How long to try to remove a run. A run that stays on the VM for lack of a right does less harm
than a host that is not restored."""


class RunCommandWork(Work[RunCommand]):
    """A stopped VM is started; then the script runs, and its run is removed."""

    __slots__ = ()

    def needs(self, host: HostRecord) -> Needs:
        job, errand = host.maintenance.job, host.maintenance.errand
        if errand is not None:
            return Needs() if errand.over else Needs(script=(host.vm_id or "", errand.run))
        if job is not None and not job.over:
            return vmjob.needs(host, job)
        return Needs(machine=host.vm_id) if host.phase is Phase.EMPTY else Needs()

    def begin(self, look: HostLook, host: HostRecord) -> Begin | NotYet:
        if host.stopped_before:
            return vmjob.begin(look, host, PowerAction.START)
        if host.vm_id is None:
            return NotYet("vm", "the service to name its VM", look.now + look.pace.usual)
        machine = look.seen.machines.get(host.key)
        if machine is None or machine.busy:
            return NotYet("vm", "its VM to be idle", look.now + look.pace.soon)
        if (unknown := vmjob.untold(look, host)) is not None:
            return unknown
        return Begin(host, self._run(look.control, host))

    def look(self, look: HostLook, host: HostRecord) -> Progress:
        errand = host.maintenance.errand
        if errand is None:
            return self._starting(look, host)
        forgotten = (
            errand.forgotten or look.now >= errand.asked_at + self.asked.time_limit + _FORGET_WITHIN
        )
        if errand.over and forgotten:
            return _ended(host, errand)
        if errand.over:
            return _forget(host, errand, look.now, look.pace)
        if host.key not in look.seen.scripts:
            return NotYet("script", "a look at its script", look.now + look.pace.soon)
        run = look.seen.scripts[host.key]
        if run is None:
            return self._not_there(look.control, host, errand, look.now, look.pace)
        late = look.now >= errand.asked_at + self.asked.time_limit
        if run.state is OperationState.RUNNING and not late:
            return NotYet(
                "script", f"its script '{self.asked.command}' to end", look.now + look.pace.usual
            )
        return self._over(host, errand, run, look.now, look.pace)

    def _starting(self, look: HostLook, host: HostRecord) -> NotYet | NeverBegan | Ended:
        """While the VM, which was stopped, is started first."""
        job = host.maintenance.job
        if job is None:
            return NeverBegan("its script has not begun")
        match vmjob.watch(look, host.key, job, START_WITHIN):
            case vmjob.Over(_):
                text = f"its script '{self.asked.command}' to begin"
                noted = replace(
                    host, maintenance=replace(host.maintenance, job=replace(job, over=True))
                )
                look_at = look.now + (look.pace.usual if host.trouble else look.pace.soon)
                return NotYet("script", text, look_at, noted, self._run(look.control, host))
            case vmjob.Failed(text):
                return Ended(Ending(Phase.FAILED, "StartFailed", text, attention=True))
            case open_:
                return open_

    def _not_there(
        self, control: HostControl, host: HostRecord, errand: Errand, now: datetime, pace: Pace
    ) -> NotYet | NeverBegan:
        """The VM has no such run: the request was lost, or may still take effect."""
        if now < errand.asked_at + pace.late:
            return NotYet("script", "its VM to show its script", now + pace.soon)
        if host.started:
            run = self._run(control, host)
            return NotYet("script", "its script to begin", now + pace.usual, host, run)
        return NeverBegan("its VM knows nothing of the script: the request had been lost")

    def _over(
        self, host: HostRecord, errand: Errand, run: ScriptSeen, now: datetime, pace: Pace
    ) -> NotYet:
        """Remember how the script ended before its run is removed: after that nobody can read it."""
        failed = {
            OperationState.FAILED: f"failed{f' ({run.text})' if run.text else ''}",
            OperationState.RUNNING: f"did not end within {self.asked.time_limit}",
        }.get(run.state, "")
        errand = replace(errand, over=True, failed=failed)
        output = run.output[-LONGEST_OUTPUT:]
        host = replace(host, maintenance=replace(host.maintenance, errand=errand, output=output))
        return _forget(host, errand, now, pace)

    def _run(self, control: HostControl, host: HostRecord) -> RunScript:
        return RunScript(
            host.key, host.vm_id or "", run_name(control), self.asked.command,
            tuple(self.asked.parameters.items()), int(self.asked.time_limit.total_seconds()), "it is empty",
        )  # fmt: skip


def run_name(control: HostControl) -> str:
    """The run's name on the VM: the same for each try of one drain."""
    return f"avd-drain-{control.id[-10:]}"


def _forget(host: HostRecord, errand: Errand, now: datetime, pace: Pace) -> NotYet:
    forget = ForgetScript(host.key, host.vm_id or "", errand.run, "it is over")
    return NotYet("script", "its script to be removed", now + pace.soon, host, forget)


def _ended(host: HostRecord, errand: Errand) -> Finished | Ended:
    if not errand.failed:
        return Finished("its script ended well")
    output = host.maintenance.output.strip()[-_SHOWN:]
    text = f"the script {errand.failed}{f': {output}' if output else ''}"
    return Ended(Ending(Phase.FAILED, "ScriptFailed", text, attention=True))
