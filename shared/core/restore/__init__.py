"""How a host is restored to what it was before."""
