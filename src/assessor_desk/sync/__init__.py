"""What comes from the hub and what goes to it, one stage a file."""
