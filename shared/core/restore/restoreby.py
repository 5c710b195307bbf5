"""By when a host that is out should be restored. After that the watchdog looks at it."""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.core.drain.model import Control
from shared.core.host.host import HostRecord
from shared.core.host.phases import OUT
from shared.core.policy.policy import AtDeadline
from shared.core.users.deadlines import due_at
from shared.core.values.localtime import rounded_up

GRACE = timedelta(hours=1)
WAITING_ON = timedelta(days=1)
"""Additional time if the policy goes on waiting for users past the deadline."""


def note_restore_by(control: Control, host: HostRecord, now: datetime) -> HostRecord:
    """The host with its ``restore_by``, and with ``overdue`` once that time has passed."""
    if host.phase not in OUT:
        return host
    by = restore_by(control, host, now)
    overdue = ""
    if now > by and host.out_at is not None:
        overdue = f"it has been out since {host.out_at:%Y-%m-%d %H:%M}Z, longer than planned"
    if (host.restore_by, host.overdue) == (by, overdue):
        return host
    return replace(host, restore_by=by, overdue=overdue)


def restore_by(control: Control, host: HostRecord, now: datetime) -> datetime:
    """The longest time that the policy allows, plus ``GRACE``. Rounded up to the hour, so that a
    deadline that stands still does not change it with every look."""
    policy = control.policy
    by = due_at(control, host, now) or now
    by += policy.warn_at_least + policy.maintenance.longest() + policy.healthy_within + GRACE
    if policy.at_deadline is AtDeadline.WAIT or policy.protected_users:
        by += WAITING_ON
    return rounded_up(by, timedelta(hours=1))
