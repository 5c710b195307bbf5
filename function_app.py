"""The triggers of the app. Each binding hands its input on to ``DrainApp``; no rule lives here."""

import os

import azure.functions as func

from shared.api.routes import ROUTES, Route
from shared.app import DrainApp
from shared.settings.azure import CALLS_POISON_QUEUE, CALLS_QUEUE, POISON_QUEUE, WORK_QUEUE

drain_app = DrainApp(os.environ)
app = func.FunctionApp()


def bind(route: Route) -> None:
    """Bind a route as a function of the route's name: the host knows functions by their names."""

    async def respond(req: func.HttpRequest) -> func.HttpResponse:
        return await drain_app.http(route, req)

    respond.__name__ = route.name
    app.route(route.path, methods=[route.method], auth_level=drain_app.auth_level(route))(respond)


for each in ROUTES:
    bind(each)


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
    await drain_app.poisoned(POISON_QUEUE, msg.get_body().decode())


@app.queue_trigger("msg", queue_name=CALLS_QUEUE, connection="AzureWebJobsStorage")
async def call_stranger(msg: func.QueueMessage) -> None:
    await drain_app.call(msg.get_body().decode())


@app.queue_trigger("msg", queue_name=CALLS_POISON_QUEUE, connection="AzureWebJobsStorage")
async def report_poisoned_call(msg: func.QueueMessage) -> None:
    await drain_app.poisoned(CALLS_POISON_QUEUE, msg.get_body().decode())
