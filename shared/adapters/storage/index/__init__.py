"""What is under way, in the table ``index``: what is looked at when, which drains have hosts out."""
