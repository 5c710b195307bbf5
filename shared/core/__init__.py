"""The rules of the product, as pure functions of frozen values: no clock, no network, no Azure."""
