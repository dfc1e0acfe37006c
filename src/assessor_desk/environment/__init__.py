"""What the machine gives: folders, locks, settings, secrets, packaged files and the clock."""
