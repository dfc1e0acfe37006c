"""What crosses between desks and the hub: records, deeds, pairing, packages and problems, with their versions."""
