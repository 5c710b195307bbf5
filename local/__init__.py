"""Everything that runs the app on one machine. Nothing here is deployed, and nothing of the drain
library is used here: a simulator that shared code with the adapters would share their bugs."""
