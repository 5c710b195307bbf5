"""The services of Azure, as far as the app calls them."""
