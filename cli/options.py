"""What every command takes, and the one place where errors become exit codes."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from cli.client import Client
from cli.errors import CommandError, Exit
from cli.output import Format, Output
from cli.signin import target
from cli.text import clean

_COMMON = {
    "url": (
        Annotated[
            str | None, typer.Option("--url", envvar="AVD_DRAIN_URL", help="the app's address")
        ],
        None,
    ),
    "scope": (
        Annotated[
            str | None,
            typer.Option(envvar="AVD_DRAIN_SCOPE", help="sign in with Entra for this scope"),
        ],
        None,
    ),
    "output": (
        Annotated[Format, typer.Option("--output", "-o", help="how the answer is printed")],
        Format.table,
    ),
    "query": (Annotated[str | None, typer.Option("--query", help="JMESPath, as in az")], None),
}


@dataclass(frozen=True, slots=True)
class Session:
    client: Client
    output: Output


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Gives a command its session as first argument, and the common options to its callers."""
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    common = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (kind, default) in _COMMON.items()
    ]

    @functools.wraps(function)
    def called(
        url: str | None, scope: str | None, output: Format, query: str | None, **rest: Any
    ) -> None:
        try:
            shown = Output(output, query)
            function(Session(Client(target(url, scope)), shown), **rest)
        except CommandError as error:
            for line in error.lines:
                typer.echo(clean(line), err=True)
            raise typer.Exit(error.code) from None
        except KeyboardInterrupt:
            raise typer.Exit(Exit.INTERRUPTED) from None

    by_name = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
    called.__signature__ = inspect.Signature([*by_name, *common])  # type: ignore[attr-defined]
    called.__annotations__ = {p.name: p.annotation for p in [*by_name, *common]}
    del called.__wrapped__
    return called
