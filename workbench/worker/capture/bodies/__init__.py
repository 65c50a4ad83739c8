"""Bodies on their way to the runner: counted, taken out of chunks, decoded."""
