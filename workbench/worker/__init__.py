"""The child process of a run: load the integration, capture what it does, execute its handler, tell the runner.

``python -m workbench.worker EVENTS_FD CONTROL_FD`` is its only door. It shares ``domain`` and ``events`` with
the parent.
"""
