"""A run as one HTML file to send: readable without the workbench, and brought back by ``workbench open``."""
