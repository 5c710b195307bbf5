"""The command line `avd-drain`: it speaks HTTP to the app, and shares no code with it."""
