"""The rules of a drain, as pure functions of values: no clock, no network, no Azure."""
