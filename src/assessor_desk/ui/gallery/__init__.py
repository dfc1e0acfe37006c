"""Every part in every state, to look at and to compare with the design's picture."""
