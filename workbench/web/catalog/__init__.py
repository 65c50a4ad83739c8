"""The first page: all integrations, and the field that opens another folder."""
