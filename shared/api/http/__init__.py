"""The conventions of HTTP that hold for all addresses: queries, pages, versions, error bodies."""
