"""What a request for a drain would do, checked before anything is changed."""
