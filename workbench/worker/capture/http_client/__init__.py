"""The requests of ``http.client``, and of all libraries that send through it."""
