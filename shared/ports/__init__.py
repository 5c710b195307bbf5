"""What the engine needs of the outside, as protocols in the core's own types.

The adapters in ``shared.adapters`` keep them with Azure; a simulated world can as well.
Calls raise the errors of ``shared.errors`` and no others that a caller could mend.
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
