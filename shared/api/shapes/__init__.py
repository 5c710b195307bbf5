"""The shapes of what the app answers. The description of the API is made from them, and a test holds
every live answer to that. One file an idea; all are named from here.
"""

from shared.api.shapes.drain import (
    CauseView as CauseView,
    DeliveryView as DeliveryView,
    DrainView as DrainView,
    ExtensionView as ExtensionView,
    HostView as HostView,
    MaintenanceView as MaintenanceView,
    OrderView as OrderView,
    PauseView as PauseView,
    Tag as Tag,
    Trouble as Trouble,
    UserView as UserView,
    Waits as Waits,
)
from shared.api.shapes.ending import ErrorView as ErrorView, OperationView as OperationView
from shared.api.shapes.foreseeing import (
    AlertBody as AlertBody,
    EventBody as EventBody,
    ForeseenView as ForeseenView,
    StepView as StepView,
)
from shared.api.shapes.listing import (
    ClaimList as ClaimList,
    ClaimView as ClaimView,
    DrainList as DrainList,
    EventList as EventList,
    HeardView as HeardView,
    History as History,
    SummaryView as SummaryView,
)
from shared.api.shapes.planning import (
    ExcludedView as ExcludedView,
    LimitView as LimitView,
    PlannedHost as PlannedHost,
    PlannedMessage as PlannedMessage,
    PlanView as PlanView,
    RightView as RightView,
)
from shared.api.shapes.scheduling import (
    CampaignList as CampaignList,
    CampaignPlan as CampaignPlan,
    CampaignView as CampaignView,
    DrainPlan as DrainPlan,
    OverdueList as OverdueList,
    OverdueView as OverdueView,
    RunList as RunList,
    RunView as RunView,
    ScheduleList as ScheduleList,
    SchedulePlan as SchedulePlan,
    ScheduleView as ScheduleView,
    SlotView as SlotView,
    WavePlan as WavePlan,
    WaveView as WaveView,
)
from shared.api.shapes.subscribing import (
    Answered as Answered,
    SubscriptionView as SubscriptionView,
)
from shared.wire.views.callback import Callback as Callback
from shared.wire.views.ending import (
    Coded as Coded,
    ErrorBody as ErrorBody,
    Fault as Fault,
    HostOutcome as HostOutcome,
    ResultView as ResultView,
)
from shared.wire.views.history import (
    ActionView as ActionView,
    EntryView as EntryView,
    OrderedView as OrderedView,
)
from shared.wire.views.words import PhaseWord as PhaseWord, StatusWord as StatusWord
