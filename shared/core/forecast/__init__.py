"""When will it be done? Begin at ``forecast``."""
