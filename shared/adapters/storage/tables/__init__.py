"""Tables in Azure, or in an emulator: one partition at a time, whole changes or none."""
