"""The integration's one object, in a module of its own so that every module of ``actions/`` can import it."""

from autohive_integrations_sdk import Integration

clinic = Integration.load()
