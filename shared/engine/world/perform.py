"""Performs actions on Azure, and turns what happened into an ``Outcome``."""

import logging
from collections.abc import Awaitable

from shared.core.host.actions import (
    Action,
    CallWebhook,
    CancelRun,
    ForgetScript,
    Power,
    RunScript,
    SendMessage,
    SetDrainMode,
    SetTag,
    SignOut,
)
from shared.core.host.outcome import Accepted, Gone, NotTried, Outcome, Refused, Unknown
from shared.core.values.hostpool import HostPoolId
from shared.engine.world.outside import Outside
from shared.errors import (
    AnswerLostError,
    ChangedError,
    FinalError,
    LeaseHeldError,
    LeaseLostError,
    NotFoundError,
    PassingError,
    StorageError,
    ThrottledError,
)
from shared.ports import WebhookCall

log = logging.getLogger(__name__)


async def attempt(outside: Outside, pool: HostPoolId, name: str, action: Action) -> Outcome:
    """Perform an action and return its outcome. ``name`` is the host's name in the service's own
    casing. Raises what the lease and the store raise."""
    return await outcome_of(_do(outside, pool, name, action))


async def outcome_of(doing: Awaitable[str | None]) -> Outcome:
    """The outcome of a call to the outside. Errors of the lease and of the store are raised; an
    unforeseen error is of unknown outcome."""
    try:
        return Accepted(await doing)
    except NotFoundError:
        return Gone()
    except ThrottledError as error:
        return NotTried(str(error))
    except PassingError as error:
        return Refused(str(error))
    except FinalError as error:
        return Refused(str(error), final=True)
    except AnswerLostError:
        return Unknown()
    except (LeaseHeldError, LeaseLostError, StorageError, ChangedError):
        raise
    except Exception:  # an unforeseen error fails this action only; the action may have happened
        log.exception("an action failed in a way that nobody foresaw")
        return Unknown()


async def _do(outside: Outside, pool: HostPoolId, host: str, action: Action) -> str | None:
    plane = outside.plane
    match action:
        case SetDrainMode(_, allow, _):
            await plane.set_allow_new_session(pool, host, allow)
        case SendMessage():
            await plane.send_message(pool, host, action.session_id, action.title, action.text)
        case SignOut():
            await plane.sign_out(pool, host, action.session_id, action.force)
        case SetTag(_, vm_id, name, value, on):
            await outside.machines.set_tag(vm_id, name, value, on=on)
        case RunScript(_, vm_id, run, command, parameters, time_limit, _):
            await outside.scripts.run(vm_id, run, command, dict(parameters), time_limit)
        case ForgetScript(_, vm_id, run, _):
            await outside.scripts.forget(vm_id, run)
        case CallWebhook():
            await outside.webhooks.call(action.url, _told(pool, host, action))
        case CancelRun(_, run, _):
            await outside.update_runs.cancel(run)
        case Power():
            return await outside.machines.power(action.vm_id, action.what)
    return None


def _told(pool: HostPoolId, host: str, action: CallWebhook) -> WebhookCall:
    return WebhookCall(
        drain=action.drain,
        pool=pool.resource_id,
        host=host,
        vm_id=action.vm_id,
        reason=action.reason,
        time=action.time,
        callback=action.callback,
        answer_by=action.answer_by,
    )
