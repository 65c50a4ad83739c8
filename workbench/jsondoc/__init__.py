"""JSON text and documents without I/O: each decision about them is made here once. Import the modules themselves."""
