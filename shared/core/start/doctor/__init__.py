"""What is wrong with an installation, found before anybody drains: findings, made from readings."""
