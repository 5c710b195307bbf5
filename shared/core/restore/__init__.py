"""How a host is put back as it was."""
