"""Reads files of the installation and the API by their grammar."""
