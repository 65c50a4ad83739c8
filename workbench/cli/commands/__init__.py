"""The options of each command. A module imports click alone, until its command is called."""
