"""Exchanges in words: what failed, where answers came from, what a message says."""
