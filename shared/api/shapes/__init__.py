"""The shapes of what the app answers. The description of the API is made from them, and a test holds
every live answer to that. One file an idea; all are named from here.
"""

from shared.api.shapes.drain import (
    CauseView as CauseView,
)
from shared.api.shapes.drain import (
    Coded as Coded,
)
from shared.api.shapes.drain import (
    DeliveryView as DeliveryView,
)
from shared.api.shapes.drain import (
    DrainView as DrainView,
)
from shared.api.shapes.drain import (
    ExtensionView as ExtensionView,
)
from shared.api.shapes.drain import (
    HostView as HostView,
)
from shared.api.shapes.drain import (
    MaintenanceView as MaintenanceView,
)
from shared.api.shapes.drain import (
    OrderView as OrderView,
)
from shared.api.shapes.drain import (
    PauseView as PauseView,
)
from shared.api.shapes.drain import (
    Tag as Tag,
)
from shared.api.shapes.drain import (
    Trouble as Trouble,
)
from shared.api.shapes.drain import (
    UserView as UserView,
)
from shared.api.shapes.drain import (
    Waits as Waits,
)
from shared.api.shapes.ending import (
    ErrorBody as ErrorBody,
)
from shared.api.shapes.ending import (
    ErrorView as ErrorView,
)
from shared.api.shapes.ending import (
    Fault as Fault,
)
from shared.api.shapes.ending import (
    HostOutcome as HostOutcome,
)
from shared.api.shapes.ending import (
    OperationView as OperationView,
)
from shared.api.shapes.ending import (
    ResultView as ResultView,
)
from shared.api.shapes.foreseeing import (
    AlertBody as AlertBody,
)
from shared.api.shapes.foreseeing import (
    EventBody as EventBody,
)
from shared.api.shapes.foreseeing import (
    ForeseenView as ForeseenView,
)
from shared.api.shapes.foreseeing import (
    StepView as StepView,
)
from shared.api.shapes.listing import (
    ClaimList as ClaimList,
)
from shared.api.shapes.listing import (
    ClaimView as ClaimView,
)
from shared.api.shapes.listing import (
    DrainList as DrainList,
)
from shared.api.shapes.listing import (
    EntryView as EntryView,
)
from shared.api.shapes.listing import (
    EventList as EventList,
)
from shared.api.shapes.listing import (
    HeardView as HeardView,
)
from shared.api.shapes.listing import (
    History as History,
)
from shared.api.shapes.listing import (
    SummaryView as SummaryView,
)
from shared.api.shapes.planning import (
    ExcludedView as ExcludedView,
)
from shared.api.shapes.planning import (
    LimitView as LimitView,
)
from shared.api.shapes.planning import (
    PlannedHost as PlannedHost,
)
from shared.api.shapes.planning import (
    PlannedMessage as PlannedMessage,
)
from shared.api.shapes.planning import (
    PlanView as PlanView,
)
from shared.api.shapes.planning import (
    RightView as RightView,
)
from shared.api.shapes.scheduling import (
    CampaignList as CampaignList,
)
from shared.api.shapes.scheduling import (
    CampaignPlan as CampaignPlan,
)
from shared.api.shapes.scheduling import (
    CampaignView as CampaignView,
)
from shared.api.shapes.scheduling import (
    DrainPlan as DrainPlan,
)
from shared.api.shapes.scheduling import (
    OverdueList as OverdueList,
)
from shared.api.shapes.scheduling import (
    OverdueView as OverdueView,
)
from shared.api.shapes.scheduling import (
    RunList as RunList,
)
from shared.api.shapes.scheduling import (
    RunView as RunView,
)
from shared.api.shapes.scheduling import (
    ScheduleList as ScheduleList,
)
from shared.api.shapes.scheduling import (
    ScheduleView as ScheduleView,
)
from shared.api.shapes.scheduling import (
    SlotView as SlotView,
)
from shared.api.shapes.scheduling import (
    WavePlan as WavePlan,
)
from shared.api.shapes.scheduling import (
    WaveView as WaveView,
)
from shared.api.shapes.subscribing import (
    Answered as Answered,
)
from shared.api.shapes.subscribing import (
    Callback as Callback,
)
from shared.api.shapes.subscribing import (
    SubscriptionView as SubscriptionView,
)
from shared.api.shapes.words import PhaseWord as PhaseWord
from shared.api.shapes.words import StatusWord as StatusWord
