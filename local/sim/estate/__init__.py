"""The estate: what it consists of, how it is described in a file, and how it moves."""
