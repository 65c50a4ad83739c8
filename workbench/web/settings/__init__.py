"""The settings of the workbench itself."""
