"""Files of the installation and the API, read by their grammar."""
