"""What truly happened in a night, what failed, and what is stored."""
