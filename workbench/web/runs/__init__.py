"""The pages of runs: one run with the tabs of its outcome, and the query that says what of it is shown."""
