"""The requests of httpx and httpcore, both editions."""
