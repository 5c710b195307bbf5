"""Every setting the app reads. Begin at ``settings.py``."""
