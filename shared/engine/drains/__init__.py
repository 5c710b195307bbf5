"""Starting drains, giving them orders, and reading them for callers."""
