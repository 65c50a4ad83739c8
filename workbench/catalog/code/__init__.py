"""What the code of an integration says, read as text."""
