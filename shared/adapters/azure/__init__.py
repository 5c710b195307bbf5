"""The control plane and its neighbours."""
