"""In what is not known, and in what is refused for good."""

from tests.nights.planted.mutant import Mutant

UNKNOWN = (
    Mutant(
        "a cancel waits for the listing", "core/flow/wayback.py",
        "        if (stopped := _stopped(control, host)) is not None:\n            return stopped\n",
        "",
    ),
    Mutant(
        "what cannot be read is waited for without end", "core/flow/flow.py",
        "    if now >= ends_at:\n        return end_with(host, unreadable(what, lack), now)\n", "",
    ),
    Mutant(
        "being told to wait counts as a refusal", "engine/world/perform.py",
        "        return NotTried(str(error))", "        return Refused(str(error), final=True)",
    ),
    Mutant(
        "an error that nobody foresaw ends the step", "engine/step/step.py",
        "    except Exception as error:\n        log.exception(\"drain %s: a step failed as",
        "    except ZeroDivisionError as error:\n        log.exception(\"drain %s: a step failed as",
    ),
)  # fmt: skip
