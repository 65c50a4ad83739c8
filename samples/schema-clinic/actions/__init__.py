"""The clinic's handlers, by what goes wrong."""
