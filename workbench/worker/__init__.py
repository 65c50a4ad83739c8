"""The child process of a run: loads the integration, records its requests, runs its handler, sends events.

``python -m workbench.worker EVENTS_FD CONTROL_FD`` starts it. It shares ``domain``, ``jsondoc`` and
``events`` with the parent.
"""
