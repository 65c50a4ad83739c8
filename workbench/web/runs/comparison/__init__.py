"""Two runs on one page: of one handler, or of two SDKs."""
