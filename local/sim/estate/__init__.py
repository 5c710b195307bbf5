"""The estate: what it consists of, how a file describes it, and how it moves."""
