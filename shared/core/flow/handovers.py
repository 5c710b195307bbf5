"""What becomes of a host after the outcome of handing its work over: to a script, to a webhook, or
to a maintenance run that is cancelled."""

from dataclasses import replace
from datetime import datetime

from shared.core.flow.operations import MOST_REFUSALS, begun
from shared.core.host.actions import CallWebhook, CancelRun, ForgetScript, RunScript
from shared.core.host.host import Ending, Errand, HostRecord
from shared.core.host.outcome import Accepted, Gone, NotTried, Outcome, Refused, Unknown, in_words
from shared.core.host.phases import Phase


def script(host: HostRecord, action: RunScript, outcome: Outcome, now: datetime) -> HostRecord:
    """The host after the outcome of handing its work over to a script."""
    waits = f"its script '{action.command}' to end"
    return _handed_over(host, outcome, now, "script", waits, action.run)


def webhook(host: HostRecord, action: CallWebhook, outcome: Outcome, now: datetime) -> HostRecord:
    """The host after the outcome of a webhook call. If a webhook has taken the host and refuses a
    repeated call, nothing is undone."""
    before, noted = host.maintenance.errand, host.maintenance
    if before is not None and isinstance(outcome, Refused | Gone):
        asked = replace(before, asked_at=now, times=before.times + 1)
        trouble = f"the webhook, asked again: {in_words(outcome)}"
        return replace(host, maintenance=replace(noted, errand=asked), trouble=trouble)
    return _handed_over(host, outcome, now, "webhook", "the webhook to answer", "")


def forget(host: HostRecord, action: ForgetScript, outcome: Outcome) -> HostRecord:
    """The host after trying to remove a script's run. It is repeated a few times: removing a run
    twice does no harm, and a run that stays does little."""
    errand, noted = host.maintenance.errand, host.maintenance
    if isinstance(outcome, NotTried) or errand is None:
        return host
    again = isinstance(outcome, Unknown) or (isinstance(outcome, Refused) and not outcome.final)
    if again and noted.refusals < MOST_REFUSALS:
        return replace(host, maintenance=replace(noted, refusals=noted.refusals + 1))
    return replace(host, maintenance=replace(noted, errand=replace(errand, forgotten=True)))


def cancel_run(host: HostRecord, action: CancelRun, outcome: Outcome, now: datetime) -> HostRecord:
    """The host after trying to cancel its maintenance run. It is repeated until it is accepted,
    while there is time."""
    if isinstance(outcome, NotTried):
        return host
    accepted, before = isinstance(outcome, Accepted), host.maintenance.errand
    times = before.times + 1 if before is not None else 1
    errand = Errand(now, action.run, times, unsure=not accepted, why=action.why)
    trouble = "" if accepted else f"its maintenance run was not cancelled: {in_words(outcome)}"
    return replace(host, maintenance=replace(host.maintenance, errand=errand), trouble=trouble)


def _handed_over(
    host: HostRecord, outcome: Outcome, now: datetime, code: str, waits: str, run: str
) -> HostRecord:
    before = host.maintenance.errand
    match outcome:
        case NotTried():
            return host
        case Refused(text, final):
            return _refused(host, code, text, final)
        case Gone():
            return _refused(host, code, "there is nothing at its address", final=True)
        case Accepted() | Unknown():
            times = before.times + 1 if before is not None else 1
            errand = Errand(now, run, times, unsure=isinstance(outcome, Unknown))
            noted = replace(host.maintenance, errand=errand, refusals=0)
            return begun(replace(host, maintenance=noted, trouble=""), now, code, waits)


def _refused(host: HostRecord, code: str, text: str, final: bool) -> HostRecord:
    refusals = host.maintenance.refusals + 1
    trouble = f"the {code} was refused: {text}"
    host = replace(host, maintenance=replace(host.maintenance, refusals=refusals), trouble=trouble)
    if final or refusals >= MOST_REFUSALS:
        ending = Ending(Phase.FAILED, f"{code.capitalize()}Refused", trouble, attention=True)
        return replace(host, ending=ending)
    return host
