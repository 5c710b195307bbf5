"""Who may do what, and what of the outside a request may reach."""
