"""Runs and their comparison as JSON documents, written and read back."""
