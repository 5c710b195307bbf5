"""Who says whether a night kept the promises."""
