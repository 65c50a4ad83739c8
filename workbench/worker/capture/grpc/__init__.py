"""The calls of gRPC."""
