"""aiohttp's end of a connection to us, and answers of the network that a rule changes."""
