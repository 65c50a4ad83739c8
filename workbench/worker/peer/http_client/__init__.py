"""The end of a connection to us of libraries on ``http.client``."""
