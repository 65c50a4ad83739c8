"""A captured request as text to copy: curl, Python, HTTP."""
