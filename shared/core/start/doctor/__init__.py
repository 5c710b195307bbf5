"""What is wrong with an installation before anybody drains: findings, made of what was read."""
