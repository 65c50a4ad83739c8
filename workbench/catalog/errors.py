"""The catalog's one exception."""


class CatalogError(Exception):
    """A path that cannot be opened; the message says why and what to do, ready to be shown."""
