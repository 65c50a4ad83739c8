"""The routes: one blueprint a resource. A view parses, makes one call and renders."""
