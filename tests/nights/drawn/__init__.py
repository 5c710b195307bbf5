"""The parts of a night, drawn by chance."""
