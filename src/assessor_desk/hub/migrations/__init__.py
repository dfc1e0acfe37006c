"""The hub's schema, one numbered step a file."""
