"""Judges promises 1 and 10: a host is back in time; a cancelled drain is over within minutes; and
if the pool cannot be listed for good, every host is put back."""

from datetime import datetime, timedelta

from shared.core.drain.model import Claim
from shared.core.host.phases import Phase
from shared.core.policy.policy import AtDeadline
from tests.nights.judges.known.court import FORGOTTEN, Court
from tests.nights.judges.known.facts import APP
from tests.nights.judges.promises.people import deadline
from tests.nights.world.faults import FINAL
from tests.nights.world.scene import EVENING

GONE_HOME = timedelta(minutes=25)
"""Counted from an accepted cancel: what is refused for good is waited for five minutes, and the
next look may be four minutes off."""
LISTED_AGAIN = timedelta(minutes=40)
"""Counted from when a listing is refused for good: by then every host whose write works is back."""
_MORE = timedelta(hours=3)
"""The time that the app allows itself beyond what the policy says (an hour, rounded up to the full
hour), and an hour in which something could not be read."""
_A_DAY = timedelta(days=1)
_BACK = ("set_allow_new_session", "set_tag")
_WRITE_FAILED = timedelta(minutes=35)


def back_in_time(court: Court, host: str, claim: Claim, closed_at: datetime, at: datetime) -> None:
    """Judge whether a host that comes back is in time. Time in which many things went wrong is not
    counted, nor time in which the host's write failed."""
    control = court.ledger.control(claim.drain)
    policy = control.policy
    by = max(deadline(court, claim, at), closed_at)
    by += policy.warn_at_least + policy.maintenance.longest() + policy.healthy_within + _MORE
    if policy.at_deadline is AtDeadline.WAIT or policy.protected_users:
        by += _A_DAY
    by = max(by, court.settled_at + _MORE)
    if at <= by or court.failures.of(_BACK, host, at - _WRITE_FAILED):
        return
    record = court.ledger.records(claim.drain).get(host)
    if record is None or not record.attention:
        court.breaks(FORGOTTEN, f"{host} came back {at - by} after its time", at)


def gone_home(court: Court, drain: str, now: datetime) -> bool:
    """Whether every host of a cancelled drain is back, except hosts whose maintenance has its own
    time limit or whose VM is being put back as it was. False: it is too early to tell, because
    something went wrong a short while ago."""
    for host in court.ledger.records(drain).values():
        if host.ended or host.phase in (Phase.MAINTAINING, Phase.VERIFYING):
            continue
        if host.phase is Phase.RESTORING and (host.started or host.stopping is not None):
            continue
        if court.unsettled(host.key, now - GONE_HOME) or now - host.since < GONE_HOME:
            return False  # or work with a time limit of its own ended only recently
        text = f"{host.key} is still {host.phase}, {GONE_HOME} after a cancel"
        court.breaks(FORGOTTEN, text, now)
    return True


def sent_home(court: Court, now: datetime) -> None:
    """If the listing is refused for good and has been for long, no host may be out any more."""
    script = court.script
    since = now - LISTED_AGAIN
    if script is None or not any(
        r.call == "hosts" and r.kind in FINAL and _moment(r.since) <= since
        and (r.until is None or _moment(r.until) >= now)
        for r in script.refusals
    ):  # fmt: skip
        return
    for host, closed in court.facts.closed.items():
        claim = court.ledger.claim(host, now)
        if closed.by != APP or closed.at > since or claim is None or not claim.out:
            continue
        if not court.unsettled(host, since):
            text = f"{host} is out, and its pool could not be listed for {LISTED_AGAIN}"
            court.breaks(FORGOTTEN, text, now)


def _moment(seconds: float) -> datetime:
    return EVENING + timedelta(seconds=seconds)
