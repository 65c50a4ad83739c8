"""The guards between a request and a view: allowed hosts, sign-in, request checks, response headers."""
