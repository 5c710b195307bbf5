"""Tables in Azure or in an emulator: one partition at a time, each change whole or not at all."""
