"""aiohttp's end of a connection to us."""
