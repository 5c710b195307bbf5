"""A host pool's partition: its lease, claims, drains and their hosts."""
