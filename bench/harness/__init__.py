"""What the rows run: the app, the control plane, the storage, other people's tools, each as a process."""
