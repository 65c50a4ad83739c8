"""What each check is, and which findings the authors ignore."""
