"""The tests of an integration: its recordings with their last result, and runs saved as tests."""
