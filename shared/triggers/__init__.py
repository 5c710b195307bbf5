"""What each kind of trigger does. Loaded by ``shared/app.py`` when the first one of its kind fires."""
