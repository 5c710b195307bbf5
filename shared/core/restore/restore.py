"""Restoring a host: ``allowNewSession``, the exclusion tag and the VM's power state are what they
were before the claim.

A listing with the wanted value proves that only if no write of ours may still take effect and the
listing is not older than the write that restores. So a host is restored when the service has
accepted such a write after the last write that drained it, a later listing agrees, and the time in
which a write with an unknown outcome may take effect is over. A host that was in drain mode before
stays in it, without a write.
"""

from dataclasses import replace
from datetime import datetime

from shared.core.host.actions import Action, SetDrainMode
from shared.core.host.control import HostControl
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.host.turn import Turn, move, queued, waiting
from shared.core.observation.look import Look
from shared.core.observation.seen import Seen
from shared.core.restore import exclusiontag
from shared.core.restore.opening import Opening
from shared.core.restore.stopagain import Stopping, left_running, stop_again
from shared.core.restore.unread import not_allowed
from shared.core.values.pace import Pace


def restoring(look: Look[HostControl], host: HostRecord) -> Turn:
    """The turn of a host that is being restored. Its VM is stopped first, while drain mode is still
    on."""
    stopping = stop_again(look, host)
    if stopping.wait and (left := left_running(host, look.seen, look.now)) is not host:
        stopping = Stopping(left)
    if stopping.wait:
        host = waiting(stopping.host, "power", stopping.wait, look.now, look.now + look.pace.soon)
        return Turn(host, stopping.actions)
    tag = exclusiontag.undo(stopping.host, look.seen)
    opening = _opening(tag.host, look.seen)
    host = opening.host
    if tag.done and not opening.wait:
        return over(host, look.now, look.pace)
    code, text = "restore", opening.wait
    if not text:
        code, text = "tag", "its exclusion tag to be undone"
    if (refused := not_allowed(host, look.now)) is not None:
        return move(replace(host, ending=refused), Phase.FAILED, look.now, refused.text)
    actions: tuple[Action, ...] = (*opening.actions, *tag.actions)
    trouble = host.trouble
    if trouble and actions:
        text += f": {trouble}"
    look_at = look.now + (look.pace.usual if trouble else look.pace.soon)
    return Turn(waiting(host, code, text, look.now, look_at), actions)


def _opening(host: HostRecord, seen: Seen) -> Opening:
    """Restore ``allowNewSession``."""
    if not host.write_asked or host.before is False:
        return Opening(host)
    confirmed = host.restored_at is not None and seen.hosts_began_at >= host.restored_at
    if confirmed and seen.hosts[host.key].allow_new_session is not False:
        # if the service does not report it, its answer to the write is the proof
        return Opening(host)
    if host.restored_at is not None and not confirmed:
        return Opening(host, "its restore to be seen")
    text = "the service to put it back as it was"
    action = SetDrainMode(host.key, True, "put back as it was")
    return Opening(replace(host, restored_at=None), text, (action,))


def over(host: HostRecord, now: datetime, pace: Pace) -> Turn:
    """The turn that ends a restored host, once no late write can change it."""
    if host.late_until is not None and now < host.late_until:
        text = "a write of unknown outcome, which may still arrive"
        return Turn(waiting(host, "lateWrite", text, now, min(host.late_until, now + pace.usual)))
    if host.ending is not None and host.ending.phase is Phase.QUEUED:
        move(host, Phase.QUEUED, now, "")  # raises if the table forbids it
        fresh = queued(
            host.key, host.name, now, object_id=host.object_id, vm_id=host.vm_id,
            deliveries=host.deliveries, sessions_count=host.sessions_count,
        )  # fmt: skip
        return Turn(fresh, (), host.ending.text)
    ending = host.ending or Ending(Phase.DONE, "Maintained", "maintained, back as it was")
    return move(replace(host, ending=ending), ending.phase, now, ending.text)
