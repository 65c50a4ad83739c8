"""Rules of an integration: one that begins from an exchange, and those that are saved to workbench.toml."""
