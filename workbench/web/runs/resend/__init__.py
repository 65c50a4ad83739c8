"""A captured request that is edited and sent again."""
