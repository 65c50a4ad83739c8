"""What no adapter records: the connections of sockets and of C code, and child processes, named with their line."""
