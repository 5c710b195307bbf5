"""HTTP conventions: JSON to commands with every fault named, records to resources."""
