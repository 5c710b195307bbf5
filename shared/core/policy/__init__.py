"""What a request may say about how its drain is done."""
