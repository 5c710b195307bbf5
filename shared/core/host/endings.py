"""Codes of endings that rules ask for. All others are for people."""

KEPT_DRAINED = "KeptDrained"
"""It was not well, and the policy says to leave it in drain mode. Its claim stays."""
NOT_RESTORED = "NotRestored"
"""It could not be put back. Its claim stays, and the watchdog goes on."""
TAKEN_BACK = "TakenBack"
"""Somebody else has put it back, or has it now."""
