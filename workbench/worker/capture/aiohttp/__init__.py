"""The requests of aiohttp, and with it of ``context.fetch``."""
