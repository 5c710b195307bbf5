"""A simulated estate: a pure model of hosts and people, and ARM's HTTP face in front of it."""
