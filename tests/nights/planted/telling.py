"""Faults in notifications: what is saved, handed on, sent, folded, given up."""

from tests.nights.planted.mutant import Mutant

_LANE = "core/notifications/lane.py"

TELLING = (
    Mutant(
        "what is to be told is not saved with its entry", "adapters/storage/pool/saving.py",
        "        to_tell = [rows.untold(after.id, each) for of, each in untold if of is entry]\n",
        "        to_tell = list[Op]()\n",
    ),
    Mutant(
        "what could not be handed on is taken for told", "engine/notifications/passing.py",
        "    if not await hand_on(outside, happenings):\n", "    if not await hand_on(outside, happenings) and False:\n",
    ),
    Mutant(
        "a message that was tried is taken for told", _LANE,
        "    if isinstance(outcome, Accepted):\n        rest", "    if True:\n        rest",
    ),
    Mutant(
        "what a receiver refuses while it takes nothing is given up", _LANE,
        "    if for_good and any(_takes_others(lane, each) for each in meant):\n", "    if for_good:\n",
    ),
    Mutant(
        "a repetition is dropped", _LANE,
        "                waiting[place] = replace(each, happening=happening, times=each.times + 1)\n",
        "                waiting[place] = replace(each, times=each.times + 1)\n",
    ),
    Mutant(
        "a receiver is asked without a pause, and given up after some tries", _LANE,
        "        if now >= max(each.not_before, since) + GIVEN_UP_AFTER and each.message != lane.sending\n",
        "        if lane.tries > 5 and each.message != lane.sending\n",
    ),
    Mutant(
        "of hosts that need a person at one moment one is told", "core/notifications/derived.py",
        "{drain.id}/{entry.host}/{kind}/{entry.at.isoformat()}", "{drain.id}/{kind}/{entry.at.isoformat()}",
    ),
    Mutant(
        "nobody is told what the watchdog put back", "core/notifications/derived.py",
        "            case FoundRestored():\n                text", "            case FoundRestored() if not entry.at:\n                text",
    ),
)  # fmt: skip
