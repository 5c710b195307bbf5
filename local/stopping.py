"""How a process is asked to stop, and how it notices, on Windows and elsewhere.

Windows has no SIGTERM that a process can handle: ``terminate`` ends it at once, without a chance to
clean up. It has Ctrl-Break, which goes to a whole process group, so each part is a group of its
own. That also keeps Ctrl-C from the parts: it is for the command, which then stops them.
"""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

if sys.platform == "win32":
    ASKED = signal.CTRL_BREAK_EVENT
    """The signal that asks a process of its own group to stop."""
    _HEARD = (signal.SIGINT, signal.SIGBREAK)
else:
    ASKED = signal.SIGTERM
    _HEARD = (signal.SIGINT, signal.SIGTERM)


def own_group() -> dict[str, Any]:
    """Options to start a process with, so that it can be asked to stop and does not get Ctrl-C."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def when_asked(do: Callable[[], None]) -> None:
    """Call ``do`` in the running loop when Ctrl-C is pressed or the process is asked to stop."""
    loop = asyncio.get_running_loop()
    for name in _HEARD:
        try:
            loop.add_signal_handler(name, do)
        except NotImplementedError:  # event loops on Windows have none
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(do))
