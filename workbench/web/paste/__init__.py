"""The page that explains a validation error from AutoHive."""
