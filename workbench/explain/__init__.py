"""What happened, in words, as values without HTML: headline, hints, network errors, code locations, provenance."""
