"""What the doctor found."""

from shared.core.start.doctor.findings import Finding, Severity, by_weight, worst
from shared.engine.doctor.examine import Examination
from shared.wire.views.words import Time, View, time


class FindingView(View):
    """One thing that was looked at."""

    code: str
    """What it is, for programs."""
    severity: Severity
    """`unknown`: it could not be read, which is not ok."""
    about: str
    """A setting, a table, a queue, or a resource id."""
    text: str
    """What was found."""
    whatToDo: str | None
    """How to mend it; null where nothing is to be done."""


class DoctorView(View):
    """What was found of the installation, the worst first."""

    status: Severity
    """The worst of all findings: error, then unknown, then warning."""
    checkedAt: Time | None
    """When it was looked at."""
    hostPools: list[str]
    """The host pools that were looked at."""
    hostPoolsLeft: int
    """How many more the settings name, which were not looked at."""
    findings: list[FindingView]
    """The worst first."""


def doctor_view(found: Examination) -> DoctorView:
    return {
        "status": worst(found.findings),
        "checkedAt": time(found.at),
        "hostPools": [pool.resource_id for pool in found.pools],
        "hostPoolsLeft": found.left,
        "findings": [_finding(each) for each in by_weight(found.findings)],
    }


def _finding(found: Finding) -> FindingView:
    return {
        "code": found.code,
        "severity": found.severity,
        "about": found.about,
        "text": found.text,
        "whatToDo": found.what_to_do or None,
    }
