"""The outside as the engine sees it, and how the engine calls it."""
