"""Presenters: from the values of a run to what a template prints. Pure; the views read, the templates only loop."""
