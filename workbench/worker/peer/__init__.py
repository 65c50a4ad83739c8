"""The other end of a connection that leads to no network: it answers from a recording, or as rules have it."""
