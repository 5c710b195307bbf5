"""The handlers of all addresses, one file per kind of resource."""
