"""Speak to Azure with its own SDKs, keep the protocols of ``shared.ports``. No rules here."""
