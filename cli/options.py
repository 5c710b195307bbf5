"""What every command takes, and the one place where errors become exit codes."""

import contextlib
import errno
import functools
import inspect
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from cli.client import Client
from cli.errors import CommandError, Exit, bad_use
from cli.screen.output import Format, Output
from cli.screen.text import clean
from cli.signin import target

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


def shown_error(*lines: str) -> None:
    for line in lines:
        typer.echo(clean(line), err=True)


def _unwritten(error: OSError) -> typer.Exit:
    """Whoever reads has gone away (``| head``), or the disk is full."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # nothing to flush at the end
    if error.errno in (errno.EPIPE, errno.EINVAL):  # the latter on Windows
        return typer.Exit(Exit.NOBODY_READS)
    shown_error(f"it could not be written: {error.strerror or error}")
    return typer.Exit(Exit.NOT_SUCCEEDED)


_MAY_BE_EMPTY = ("reason",)
_IN_HEADERS = ("key", "etag")


def _check(given: dict[str, Any]) -> None:
    """Raises :class:`CommandError` for a word that cannot be sent, or is empty: a script's variable that is not set would
    else be taken for an option that was not given."""
    for name, value in given.items():
        words = value if isinstance(value, list) else [value]
        for word in (each for each in words if isinstance(each, str)):
            if not word.strip() and name not in _MAY_BE_EMPTY:
                raise bad_use(f"{name.rstrip('_')} is empty")
            if any("\ud800" <= c <= "\udfff" for c in word):
                raise bad_use(f"{name.rstrip('_')} holds bytes that are no text")
            if name in _IN_HEADERS and not all(" " <= c <= "~" for c in word):
                raise bad_use(f"--{name} holds characters that no header may")


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
            _check(rest)
            shown = Output(output, query)
            function(Session(Client(target(url, scope), note=shown.note), shown), **rest)
            sys.stdout.flush()
        except CommandError as error:
            shown_error(*error.lines)
            raise typer.Exit(error.code) from None
        except KeyboardInterrupt:
            shown_error("interrupted; what was begun in the app goes on there")
            raise typer.Exit(Exit.INTERRUPTED) from None
        except OSError as error:
            raise _unwritten(error) from None
        except (LookupError, TypeError, AttributeError) as error:
            told = f"{type(error).__name__}: {error}"
            shown_error(
                f"the app answered in a shape that this version does not know ({told}):",
                "install the version that the app has; -o json may show the answer",
            )
            raise typer.Exit(Exit.UNREACHABLE) from None

    by_name = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
    called.__signature__ = inspect.Signature([*by_name, *common])  # type: ignore[attr-defined]
    called.__annotations__ = {p.name: p.annotation for p in [*by_name, *common]}
    del called.__wrapped__
    return called
