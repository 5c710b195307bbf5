"""The adapters: they call Azure through its own SDKs and implement the protocols of
``shared.ports``. There are no rules here."""
