"""Real kills: the app's instances as processes that are killed at random moments, the emulator
restarted under them, the control plane failing by rule; and the same judges as for simulated
nights, on the simulated control plane's own log.

``fleet`` describes the estate and starts what runs, ``chaos`` disturbs it, ``verdict`` judges.
``python dev.py kills`` runs it for as many kills as you like.
"""
