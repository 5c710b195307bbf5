"""The judges: check whether a night kept the promises."""
