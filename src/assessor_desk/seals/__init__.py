"""Canonical form, digests, signatures and authenticated encryption; the one room that knows `cryptography`."""
