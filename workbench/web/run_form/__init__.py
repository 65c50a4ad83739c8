"""The request pane of an action, a polling trigger or the connected account, and the start of its runs."""
