"""The figures that the README quotes. ``make bench`` measures them anew, as ratios taken side by side in one run."""
