"""How databases are opened, what their columns hold, and how their schema grows; for the store and the hub alike."""
