"""The clinic's handlers, by the kind of failure."""
