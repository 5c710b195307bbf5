"""The way to Azure Resource Manager: clients, limits, Resource Graph."""
