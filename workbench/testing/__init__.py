"""Tests of integrations: recordings that are replayed, and what tests written by hand use."""
