"""Calls of gRPC that no channel carries, and channels that a rule forwards."""
