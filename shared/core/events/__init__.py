"""What an event asks for."""
