"""Whoever waits for a drain, or does its maintenance."""

from shared.api import shapes
from shared.api.operations.common import REQUEST
from shared.api.operations.kinds import Operation
from shared.wire.orders import AnswerBody
from shared.wire.subscriptions import SubscribeBody, UnsubscribeBody

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "AnswerWebhook", "POST", "drains/{id}/answers/{token}", "Answer for a host",
        "What a webhook says of the host that it was given, at the address that it was given.",
        {200: shapes.Answered}, (400, 404, 409), body=AnswerBody,
        example={"status": "Succeeded", "message": "patched"}, keyed=False,
    ),
    Operation(
        "Subscribe", "POST", "subscriptions", "Subscribe to a drain",
        "Calls `callbackUrl` when the drain is over, or at each phase, until that is acknowledged. "
        "The drain is one that is there, or one that the same request starts. The same address "
        "subscribes to a drain once.",
        {201: shapes.SubscriptionView, 200: shapes.SubscriptionView}, (400, 403, 404, 409),
        body=SubscribeBody,
        example={"callbackUrl": "https://prod-1.westeurope.logic.azure.com/workflows/…",
                 "start": REQUEST, "cancelOnUnsubscribe": True},
        headers={201: ("Location",)},
    ),
    Operation(
        "GetSubscription", "GET", "subscriptions/{id}", "Get a subscription",
        "How far the calls to a subscriber are.", {200: shapes.SubscriptionView}, (404,),
    ),
    Operation(
        "Unsubscribe", "DELETE", "subscriptions/{id}", "Unsubscribe",
        "Nothing more is told. The drain is canceled if the subscription asked for that.",
        {200: shapes.SubscriptionView}, (404,),
    ),
    Operation(
        "UnsubscribeCallback", "POST", "subscriptions/end", "Unsubscribe a callback address",
        "The same, for a caller that knows only its callback address.",
        {200: shapes.SubscriptionView}, (400, 404), body=UnsubscribeBody,
        example={"callbackUrl": "https://prod-1.westeurope.logic.azure.com/workflows/…"},
    ),
)  # fmt: skip
