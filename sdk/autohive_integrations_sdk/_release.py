"""The release of the published SDK whose interface this implementation has; results carry it."""

__version__ = "2.0.1"
