"""What the events of resource health have in common: the machine that they are about."""

from shared.core.events.notices import machine_key
from shared.events.envelope import Envelope
from shared.events.fields import Fields, machine_of


def target_of(event: Envelope) -> tuple[str, Fields]:
    """The VM, empty if it is none, and what is told of it. Only of a machine is more asked than that:
    who can't tell is at fault, what is about something else is not."""
    told = Fields(event.data, []).object("resourceInfo").object("properties")
    target = told.peek("targetResourceId") or event.subject
    if not target:
        told.fault("targetResourceId", "a text")
    return machine_of(target), told


def about(machine: str) -> str:
    return f"health {machine_key(machine)}"
