"""What is wrong with a run that its status does not say."""
