"""Who may do what, and what outside the app a request may reach."""
