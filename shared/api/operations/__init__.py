"""Every address of the app: what it is called, what it takes, what it may answer.

The description of the API is made from this table, and a test holds the triggers of ``function_app.py``
to it. One file an idea.
"""

from shared.api.operations import callers, drains, events, nightly
from shared.api.operations.kinds import Operation as Operation, Parameter as Parameter

OPERATIONS: tuple[Operation, ...] = (
    *drains.OPERATIONS,
    *callers.OPERATIONS,
    *nightly.OPERATIONS,
    *events.OPERATIONS,
)
"""In the order in which a reader wants them."""
