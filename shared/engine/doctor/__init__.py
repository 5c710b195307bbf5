"""The readings for what an operator asks first: is all well, and what is to be done?"""
