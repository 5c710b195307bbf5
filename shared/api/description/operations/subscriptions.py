"""Whoever is told of a drain."""

from shared.api.description.examples import REQUEST
from shared.api.description.operation import Operation
from shared.api.views.subscription import SubscriptionView
from shared.wire.subscriptions import SubscribeBody, UnsubscribeBody

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "Subscribe", "subscribe", "Subscribe to a drain",
        "Calls `callbackUrl` when the drain is over, or at each phase, until that is acknowledged. "
        "The drain is one that is there, or one that the same request starts. The same address "
        "subscribes to a drain once.",
        {201: SubscriptionView, 200: SubscriptionView}, (400, 403, 404, 409, 429),
        body=SubscribeBody,
        example={"callbackUrl": "https://prod-1.westeurope.logic.azure.com/workflows/…",
                 "start": REQUEST, "cancelOnUnsubscribe": True},
        headers={201: ("Location",)},
    ),
    Operation(
        "GetSubscription", "show_subscription", "Get a subscription",
        "How far the calls to a subscriber are.", {200: SubscriptionView}, (404,),
    ),
    Operation(
        "Unsubscribe", "unsubscribe", "Unsubscribe",
        "Nothing more is told. The drain is canceled if the subscription asked for that.",
        {200: SubscriptionView}, (404,),
    ),
    Operation(
        "UnsubscribeCallback", "unsubscribe_callback", "Unsubscribe a callback address",
        "The same, for a caller that knows only its callback address.",
        {200: SubscriptionView}, (400, 404), body=UnsubscribeBody,
        example={"callbackUrl": "https://prod-1.westeurope.logic.azure.com/workflows/…"},
    ),
)  # fmt: skip
