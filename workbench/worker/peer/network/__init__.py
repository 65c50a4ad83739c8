"""What goes to the network in a replay or through a rule, and what keeps all else from it."""
