"""How a process is asked to stop, and how it hears that, on Windows and elsewhere.

Windows has no SIGTERM that a process could hear: ``terminate`` there ends it at once, with no chance to tidy up. What it
has is Ctrl-Break, which goes to a whole group of processes; so each part is a group of its own. That also keeps a
Ctrl-C from the parts, which is for the command: it then stops them.
"""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

if sys.platform == "win32":
    ASKED = signal.CTRL_BREAK_EVENT
    """What is sent to a process of its own group, to ask it to stop."""
    _HEARD = (signal.SIGINT, signal.SIGBREAK)
else:
    ASKED = signal.SIGTERM
    _HEARD = (signal.SIGINT, signal.SIGTERM)


def own_group() -> dict[str, Any]:
    """Options with which a process is started so that it can be asked, and Ctrl-C is not for it."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def when_asked(do: Callable[[], None]) -> None:
    """Call this within the running loop, once Ctrl-C is pressed or somebody asks the process to stop."""
    loop = asyncio.get_running_loop()
    for name in _HEARD:
        try:
            loop.add_signal_handler(name, do)
        except NotImplementedError:  # loops of Windows have none
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(do))
