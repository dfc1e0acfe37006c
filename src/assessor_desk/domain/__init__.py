"""The profession in plain Python: what is judged, by what, by whom, and what follows from it."""
