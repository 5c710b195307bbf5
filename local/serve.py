"""``python dev.py serve``: the app and the simulated control plane, left running for clients.

It prints their addresses, the function key and an example request, and stops on Ctrl-C. State is
kept in --data (a new folder each time, unless you name one), so that a drain goes on when you start
it again.
"""

import argparse
import asyncio
import json
import os
import secrets
import sys
import tempfile
from pathlib import Path

from local import printing
from local.parts import FAST, PartError, Parts, Ports, running
from local.scenes.one_drain import REQUEST
from local.stopping import when_asked

DEVELOPMENT = {"blob": 10000, "queue": 10001, "table": 10002}
"""The ports that UseDevelopmentStorage=true stands for."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="dev.py serve",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=7071, help="the app's port (7071)")
    parser.add_argument("--sim-port", type=int, default=7090, help="the control plane's (7090)")
    parser.add_argument("--estate", type=Path, help="an estate file; without it, the sample")
    parser.add_argument("--speed", type=float, help="how many times as fast the estate lives")
    parser.add_argument(
        "--arm-endpoint",
        help="another control plane, such as https://management.azure.com: then none is "
        "simulated, and azure-identity's default chain signs in",
    )
    parser.add_argument("--data", type=Path, help="folder for the state, kept between runs")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="an app setting"
    )
    parser.add_argument(
        "--no-app", action="store_true",
        help="all but the app, where the sample settings look for it: for `func start`",
    )  # fmt: skip
    return parser.parse_args()


async def _serve(told: argparse.Namespace, folder: Path) -> None:
    settings = dict(FAST)
    if told.arm_endpoint:
        settings = {"ARM_ENDPOINT": told.arm_endpoint, "ARM_CREDENTIAL": "default"}
        settings |= {"EVENT_TOPIC_ENDPOINT": "", "EVENT_TOPIC_KEY": ""}
    settings |= dict(pair.split("=", 1) for pair in told.set)
    key = os.environ.get("FUNCTIONS_HOST_KEY") or secrets.token_urlsafe(24)
    ports = Ports(app=told.port, sim=told.sim_port, **(DEVELOPMENT if told.no_app else {}))
    parts = Parts(folder, ports, settings, key)
    stop = asyncio.Event()
    when_asked(stop.set)
    async with running(parts):
        await parts.start_azurite()
        if not told.arm_endpoint:
            await parts.start_sim(told.estate, told.speed)
        if told.no_app:
            print("\n".join(_without_app(parts)), flush=True)
        else:
            await parts.start_app()
            _explain(parts, simulated=not told.arm_endpoint)
        ends = [asyncio.create_task(part.process.wait()) for part in parts.running.values()]
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait([waiting, *ends], return_when=asyncio.FIRST_COMPLETED)
        for part in parts.running.values():
            if part.process.returncode is not None:
                raise PartError(f"{part.name} ended by itself:\n{part.last_words()}")
        print("stopping …", flush=True)


_POLICY = {"maxUnavailable": 2, "maintenance": {"kind": "hold", "holdFor": "PT1H"}}
"""Two hosts at a time: an administrator has drained one of the hosts, and it counts."""


def _explain(parts: Parts, *, simulated: bool) -> None:
    body = json.dumps({**REQUEST, "policy": _POLICY})
    lines = [
        f"the app                 {parts.app_url}/api/drains",
        f"the board               {parts.app_url}/api/board",
    ]
    if simulated:
        lines.append(f"the estate, to look at  {parts.sim_url}/")
        lines.append(f"the control plane       {parts.sim_url}/subscriptions/…")
    lines += [
        f"the function key        {parts.key}",
        f"what the app says       {parts.folder / 'app.log'}",
    ]
    if simulated:
        lines += [
            "",
            "for example:",
            *(f"  {line}" for line in _example(f"{parts.app_url}/api/drains", parts.key, body)),
        ]
    lines += [
        "",
        "by the command line, in another terminal:",
        *(f"  {line}" for line in _cli(parts)),
    ]
    print("\n".join([*lines, "", "Ctrl-C stops it."]), flush=True)


def _without_app(parts: Parts) -> list[str]:
    """What to do to run the app separately."""
    copy = "Copy-Item" if sys.platform == "win32" else "cp"
    lines = [
        "the storage emulator is where UseDevelopmentStorage=true looks for it.",
        "In another terminal, in this folder:",
        "",
        f"  {copy} local.settings.sample.json local.settings.json    # once",
        f"  func start --port {parts.ports.app}",
        "",
        "Ctrl-C stops what runs here.",
    ]
    if "sim" in parts.running:
        lines.insert(0, f"the estate, to look at  {parts.sim_url}/")
    return lines


def _cli(parts: Parts) -> list[str]:
    where = {"AVD_DRAIN_URL": parts.app_url, "AVD_DRAIN_KEY": parts.key}
    if sys.platform == "win32":
        return [f"$env:{name} = '{value}'" for name, value in where.items()] + [
            "python dev.py cli watch"
        ]
    return [f"export {name}={value}" for name, value in where.items()] + ["python dev.py cli watch"]


def _example(address: str, key: str, body: str) -> list[str]:
    """An example request, for the shell of this system."""
    if sys.platform == "win32":
        return [
            f"Invoke-RestMethod {address} -Method Post -Headers @{{'x-functions-key' = '{key}'}} `",
            f"  -ContentType 'application/json' -Body '{body}'",
        ]
    return [
        f"curl -i {address} -H 'x-functions-key: {key}' \\",
        f"  -H 'Content-Type: application/json' -d '{body}'",
    ]


def main() -> int:
    printing.anywhere()
    told = _arguments()
    if told.estate is not None and not told.estate.is_file():
        print(f"no such estate file: {told.estate}", file=sys.stderr)
        return 2
    if wrong := [pair for pair in told.set if "=" not in pair]:
        print(f"--set takes NAME=VALUE, not {', '.join(wrong)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="avd-drain-") as made:
        folder = told.data.resolve() if told.data is not None else Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            asyncio.run(_serve(told, folder))
        except PartError as error:
            print(error, file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
