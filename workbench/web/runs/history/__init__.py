"""Runs in lists: of all handlers, of one, and what the history keeps."""
