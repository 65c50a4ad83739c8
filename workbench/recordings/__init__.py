"""Recordings: a run as one file that is replayed without the network, and is a test."""
