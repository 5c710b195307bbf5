"""What each kind of trigger does. ``shared/app.py`` loads a module when the first trigger of its
kind fires."""
