"""A run as one HTML file to send: readable without the workbench, and opened again by ``workbench open``."""
