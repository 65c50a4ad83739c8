"""The pages of suggested fixes of an error, and of a suggested schema."""
