"""A run made once more, by a person or after a save."""
