"""Azure's services, as far as the app asks them."""
