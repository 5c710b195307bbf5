"""What was done in a drain: entries, each a fact with fields that makes its own sentence."""
