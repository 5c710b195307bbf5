"""A drain in a few figures, however many hosts it has."""
