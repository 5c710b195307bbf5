"""The history of a drain: entries, each with a typed fact from which its sentence is made."""
