"""httpcore's end of a connection to us."""
