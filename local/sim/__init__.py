"""A simulated estate: a pure model of hosts and people, behind an HTTP API like that of Azure
Resource Manager."""
