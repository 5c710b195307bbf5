"""The triggers. Each binds, and hands on to the drain library; no rule lives here."""

import os

import azure.functions as func

from shared.app import DrainApp
from shared.settings.azure import CALLS_POISON_QUEUE, CALLS_QUEUE, POISON_QUEUE, WORK_QUEUE

drain_app = DrainApp(os.environ)
app = func.FunctionApp(http_auth_level=drain_app.auth_level)


@app.route("drains", methods=["POST"])
async def start_drain(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("start", req)


@app.route("drains", methods=["GET"])
async def list_drains(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("index", req)


@app.route("claims", methods=["GET"])
async def list_claims(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("claims", req)


@app.route("drains/{id}", methods=["GET"])
async def show_drain(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("show", req)


@app.route("drains/{id}/history", methods=["GET"])
async def drain_history(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("history", req)


@app.route("drains/{id}/result", methods=["GET"])
async def drain_result(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("result", req)


@app.route("operations/{id}", methods=["GET"])
async def drain_operation(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("operation", req)


@app.route("drains/{id}/{order}", methods=["POST"])
async def order_drain(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("order", req)


@app.route("drains/{id}/answers/{token}", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
async def hear_webhook(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("answered", req)


@app.route("subscriptions", methods=["POST"])
async def subscribe(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("subscribe", req)


@app.route("subscriptions/end", methods=["POST"])
async def unsubscribe_callback(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("unsubscribe_url", req)


@app.route("subscriptions/{id}", methods=["GET"])
async def show_subscription(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("subscription", req)


@app.route("subscriptions/{id}", methods=["DELETE"])
async def unsubscribe(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("unsubscribe", req)


@app.route("openapi.json", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
async def openapi_description(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("openapi", req)


@app.route("swagger.json", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
async def swagger_description(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("swagger", req)


@app.route("docs", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
async def read_description(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("docs", req)


@app.route("events", methods=["GET"])
async def list_events(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("events", req)


@app.route("events/simulate", methods=["POST"])
async def simulate_event(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("simulate", req)


@app.route("alerts", methods=["POST"])
async def hear_alert(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("alert", req)


@app.route("overdue", methods=["GET"])
async def list_overdue(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("overdue", req)


@app.route("campaigns", methods=["POST"])
async def start_campaign(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("start_campaign", req)


@app.route("campaigns", methods=["GET"])
async def list_campaigns(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("campaigns", req)


@app.route("campaigns/{id}", methods=["GET"])
async def show_campaign(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("campaign", req)


@app.route("campaigns/{id}/{order}", methods=["POST"])
async def order_campaign(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("order_campaign", req)


@app.route("schedules", methods=["GET"])
async def list_schedules(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("schedules", req)


@app.route("schedules/{name}", methods=["PUT"])
async def put_schedule(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("put_schedule", req)


@app.route("schedules/{name}", methods=["GET"])
async def show_schedule(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("schedule", req)


@app.route("schedules/{name}", methods=["DELETE"])
async def remove_schedule(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("remove_schedule", req)


@app.route("schedules/{name}/run", methods=["POST"])
async def run_schedule(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("run_schedule", req)


@app.route("schedules/{name}/runs", methods=["GET"])
async def list_runs(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("runs", req)


@app.route("schedules/{name}/report", methods=["GET"])
async def show_report(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("report", req)


@app.generic_trigger("event", type="eventGridTrigger", data_type="string")
async def hear_event(event: str) -> None:
    await drain_app.event(event)


@app.timer_trigger("timer", schedule="%TICK_SCHEDULE%", run_on_startup=False)
async def find_due_drains(timer: func.TimerRequest) -> None:
    await drain_app.tick()


@app.timer_trigger("timer", schedule="%WATCHDOG_SCHEDULE%", run_on_startup=False)
async def watch_over_hosts(timer: func.TimerRequest) -> None:
    await drain_app.watch()


@app.timer_trigger("timer", schedule="%NIGHTLY_SCHEDULE%", run_on_startup=False)
async def run_schedules(timer: func.TimerRequest) -> None:
    await drain_app.run_schedules()


@app.queue_trigger("msg", queue_name=WORK_QUEUE, connection="AzureWebJobsStorage")
async def step_drain(msg: func.QueueMessage) -> None:
    await drain_app.step(msg.get_body().decode())


@app.queue_trigger("msg", queue_name=POISON_QUEUE, connection="AzureWebJobsStorage")
async def report_poisoned(msg: func.QueueMessage) -> None:
    await drain_app.poisoned(msg.get_body().decode())


@app.queue_trigger("msg", queue_name=CALLS_QUEUE, connection="AzureWebJobsStorage")
async def call_stranger(msg: func.QueueMessage) -> None:
    await drain_app.call(msg.get_body().decode())


@app.queue_trigger("msg", queue_name=CALLS_POISON_QUEUE, connection="AzureWebJobsStorage")
async def report_poisoned_call(msg: func.QueueMessage) -> None:
    await drain_app.poisoned(msg.get_body().decode())
