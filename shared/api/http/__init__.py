"""The conventions of HTTP: queries, pages, versions, error bodies."""
