"""The services of the views: one object of the app, and the stores in it."""
