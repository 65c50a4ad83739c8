"""Files of folders that are not trusted: read within limits, and remembered until they change."""
