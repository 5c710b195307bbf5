"""What users are told, and when they must leave."""
