"""The checks of an integration, and what they found the last time."""
