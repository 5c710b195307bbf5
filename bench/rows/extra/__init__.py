"""Groups that are measured only when they are asked for, or with all."""
