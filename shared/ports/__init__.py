"""What the engine needs of the outside, as protocols in the core's own types.

The adapters in ``shared.adapters`` keep them with Azure; a simulated world can as well.
Calls raise the errors of ``shared.errors`` and no others that a caller could mend.
"""

from shared.ports.azure import Conditions as Conditions
from shared.ports.azure import ControlPlane as ControlPlane
from shared.ports.azure import Machines as Machines
from shared.ports.azure import Rights as Rights
from shared.ports.azure import Scripts as Scripts
from shared.ports.azure import UpdateRuns as UpdateRuns
from shared.ports.outgoing import Topic as Topic
from shared.ports.outgoing import WebhookCall as WebhookCall
from shared.ports.outgoing import Webhooks as Webhooks
from shared.ports.state import Documents as Documents
from shared.ports.state import Inbox as Inbox
from shared.ports.state import Lease as Lease
from shared.ports.state import Page as Page
from shared.ports.state import Store as Store
from shared.ports.state import Summary as Summary
from shared.ports.work import Clock as Clock
from shared.ports.work import Queue as Queue
from shared.ports.work import Work as Work
