"""A function app that has nothing to do with this project: one trigger of each kind."""

import json
import pathlib

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)
LOG = pathlib.Path(__file__).with_name("out.jsonl")


def note(**line: object) -> None:
    with LOG.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")


@app.route("greet/{name}", methods=["GET", "POST"])
def greet(req: func.HttpRequest) -> func.HttpResponse:
    said = {
        "name": req.route_params["name"],
        "query": req.params.get("q"),
        "body": req.get_body().decode(),
        "url": req.url,
    }
    return func.HttpResponse(json.dumps(said), status_code=203, headers={"x-kind": req.method})


@app.route("open", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
async def open_(req: func.HttpRequest) -> str:
    return "come in"


@app.route("breaks", methods=["GET"])
def breaks(req: func.HttpRequest) -> str:
    raise RuntimeError("a fault of the app")


@app.route("put", methods=["POST"])
@app.queue_output("out", queue_name="%SMALL_QUEUE%", connection="AzureWebJobsStorage")
def put(req: func.HttpRequest, out: func.Out[str]) -> str:
    out.set(req.get_body().decode())
    return "put"


@app.queue_trigger("msg", queue_name="%SMALL_QUEUE%", connection="AzureWebJobsStorage")
def take(msg: func.QueueMessage) -> None:
    text = msg.get_body().decode()
    note(kind="queue", text=text, tries=msg.dequeue_count, id=bool(msg.id))
    if text == "poison":
        raise RuntimeError("never")
    if text == "once more" and msg.dequeue_count == 1:
        raise RuntimeError("not yet")


@app.timer_trigger("timer", schedule="%SMALL_SCHEDULE%", run_on_startup=False)
def tick(timer: func.TimerRequest) -> None:
    note(kind="timer", past_due=timer.past_due)


@app.event_grid_trigger("event")
def event(event: func.EventGridEvent) -> None:
    kind = getattr(event, "event_type", None) or getattr(event, "type", None)
    note(kind="event", type=kind, id=event.id)
    if event.id == "bad":
        raise RuntimeError("this one fails")
