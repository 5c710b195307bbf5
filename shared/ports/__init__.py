"""What the engine needs from outside, as protocols in the core's own types.

``shared.adapters`` implements them with Azure; the tests implement some of them with a simulated
world. Calls raise the errors of ``shared.errors`` that the port names. Any other exception is a
fault of the code, and callers do not handle it.
"""

from shared.ports.azure import (
    HURRY as HURRY,
    Conditions as Conditions,
    ControlPlane as ControlPlane,
    EventSources as EventSources,
    Machines as Machines,
    Rights as Rights,
    Scripts as Scripts,
    UpdateRuns as UpdateRuns,
)
from shared.ports.checks import Beats as Beats, StorageCheck as StorageCheck
from shared.ports.documents import Documents as Documents, Page as Page
from shared.ports.inbox import Inbox as Inbox
from shared.ports.outgoing import (
    Receivers as Receivers,
    Topic as Topic,
    WebhookCall as WebhookCall,
    Webhooks as Webhooks,
)
from shared.ports.store import Lease as Lease, Store as Store
from shared.ports.telemetry import SILENT as SILENT, Telemetry as Telemetry, about as about
from shared.ports.work import (
    Call as Call,
    Clock as Clock,
    PassOn as PassOn,
    PostReport as PostReport,
    Queue as Queue,
    SeeToEvents as SeeToEvents,
    StepCampaign as StepCampaign,
    TakeStep as TakeStep,
    TellReceiver as TellReceiver,
    TellSubscriber as TellSubscriber,
    Work as Work,
)
