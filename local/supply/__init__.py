"""What is deployed and where it comes from: locked packages, their licences, a bill of materials,
known vulnerabilities, and the package for Azure."""
