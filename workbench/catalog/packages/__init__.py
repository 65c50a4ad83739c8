"""What an integration requires, and what is installed."""
