"""What the views work with: one object of the app, and the stores that it holds."""
