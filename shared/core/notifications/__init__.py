"""Who is notified of what happened, when, and how often."""
