"""The AutoHive integration workbench: run an integration's handlers on localhost and see everything that happened."""

__version__ = "0.1.0"
