"""What commands print and write: text for people, and formats for other tools."""
