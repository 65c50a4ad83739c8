"""The page of one integration: its overview, its check and its files."""
