"""The credentials of an integration: their form, and what the handler will see of them."""
