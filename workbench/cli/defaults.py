"""The ports that are tried first."""

SERVE_PORT = 8770
ECHO_PORT = 8771
