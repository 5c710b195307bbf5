"""Azure Virtual Desktop's control plane, and the services of Azure beside it."""
