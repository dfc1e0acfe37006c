"""The steps by which the store's schema grew, one a file."""
