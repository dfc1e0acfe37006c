"""One file a budget; each prints a ratio against a bound measured in the same run, or a count."""
