"""The line of the integration that a request belongs to: its calls of libraries and of ``fetch``, tasks and threads."""
