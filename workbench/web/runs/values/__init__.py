"""The JSON values of a run with the state of their validation."""
