"""Hostile bytes in, pages and text and places out; the only room that opens what strangers sent."""
