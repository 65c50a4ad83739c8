"""The outcome of a run on a page: its presenters, and what of it changes while it runs."""
