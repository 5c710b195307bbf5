"""A host that was registered again at the moment when drain mode was turned on: the write may have
reached the new registration, which is not the drain's, and which nobody else would open."""

from dataclasses import replace

from shared.core.host.actions import SetDrainMode
from shared.core.host.control import HostControl
from shared.core.host.host import HostRecord
from shared.core.observation.look import Look
from shared.core.restore.drainmode import maybe_older
from shared.core.restore.opening import Opening


def opened_again(look: Look[HostControl], host: HostRecord) -> Opening:
    """What is left to do for a host that was registered again. Drain mode that was seen on the old
    registration does not carry over. So if the new one is in drain mode, and the old one was not
    seen in it, our write did that."""
    ours = host.write_asked and host.before is True and host.drained_at is None
    if not ours:
        return Opening(host)
    late = host.late_until is not None and look.now < host.late_until
    if look.seen.hosts[host.key].allow_new_session is not False:
        lags = host.restored_at is None and maybe_older(host, look.seen, look.pace)
        text = "a write that may have met the host as it was registered anew"
        return Opening(host, text) if late or lags else Opening(host)
    if host.restored_at is not None:
        if look.seen.hosts_began_at < host.restored_at:
            return Opening(host, "its restore to be seen")
        if not late:
            return Opening(host)  # somebody has closed it since
    text = "the service to open what was closed as it was registered anew"
    action = SetDrainMode(host.key, True, "it was registered anew, and our write met that")
    return Opening(replace(host, restored_at=None), text, (action,))
