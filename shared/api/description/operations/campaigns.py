"""Campaigns, and orders for them."""

from shared.api.description.examples import CAMPAIGN
from shared.api.description.operation import Operation
from shared.api.description.parameters import IDEMPOTENT, if_match
from shared.api.views.campaign import CampaignList, CampaignPlan, CampaignView
from shared.wire.campaigns import CampaignBody
from shared.wire.orders import OrderBody

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "StartCampaign", "start_campaign", "Start a campaign",
        "Drains of several pools, in waves: a wave begins when the one before has ended and was well. "
        "With `dryRun=true` it answers every drain's plan, and touches nothing.",
        {202: CampaignView, 200: CampaignPlan}, (400, 403, 404, 409, 429),
        body=CampaignBody, example=CAMPAIGN, parameters=IDEMPOTENT,
        headers={202: ("Location", "Retry-After", "ETag")},
    ),
    Operation(
        "ListCampaigns", "list_campaigns", "List campaigns", "The newest first.",
        {200: CampaignList}, (400,),
    ),
    Operation(
        "GetCampaign", "show_campaign", "Get a campaign",
        "Which wave it is in, which drains it has started, and how they go.",
        {200: CampaignView}, (404,), headers={200: ("ETag",)},
    ),
    *(
        Operation(
            f"{name.capitalize()}Campaign", "order_campaign", summary, meaning,
            {200: CampaignView}, (400, 404, 412, 428), body=OrderBody,
            optional_body=True, example={"reason": "not tonight"},
            parameters=(if_match("campaign"),), headers={200: ("ETag",)}, order=name,
        )
        for name, summary, meaning in (
            ("pause", "Pause a campaign", "No further drain begins; those that run are paused."),
            ("resume", "Resume a campaign", "Ends a pause."),
            ("cancel", "Cancel a campaign", "No further drain begins; those that run are canceled."),
        )
    ),
)  # fmt: skip
