"""Who is told of what happened, when, and how often?"""
