"""View parts that several pages share."""
