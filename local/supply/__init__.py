"""What is deployed, and where it comes from: packages by the lock, their licences, a bill of materials, known
vulnerabilities, the package that goes to Azure."""
