"""WebSockets: one module for each library that has them."""
