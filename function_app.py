"""The triggers. Each binds, and hands on to the drain library; no rule lives here."""

import os

import azure.functions as func

from shared.app import DrainApp
from shared.settings import POISON_QUEUE, WORK_QUEUE

app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)
drain_app = DrainApp(os.environ)


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


@app.route("drains/{id}/{order}", methods=["POST"])
async def order_drain(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("order", req)


@app.route("drains/{id}/answers/{token}", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
async def hear_webhook(req: func.HttpRequest) -> func.HttpResponse:
    return await drain_app.http("answered", req)


@app.timer_trigger("timer", schedule="%TICK_SCHEDULE%", run_on_startup=False)
async def find_due_drains(timer: func.TimerRequest) -> None:
    await drain_app.tick()


@app.timer_trigger("timer", schedule="%WATCHDOG_SCHEDULE%", run_on_startup=False)
async def watch_over_hosts(timer: func.TimerRequest) -> None:
    await drain_app.watch()


@app.queue_trigger("msg", queue_name=WORK_QUEUE, connection="AzureWebJobsStorage")
async def step_drain(msg: func.QueueMessage) -> None:
    await drain_app.step(msg.get_body().decode())


@app.queue_trigger("msg", queue_name=POISON_QUEUE, connection="AzureWebJobsStorage")
async def report_poisoned(msg: func.QueueMessage) -> None:
    await drain_app.poisoned(msg.get_body().decode())
