"""A ``config.json``: its text, what it declares, and changes of it."""
