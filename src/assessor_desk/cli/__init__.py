"""The command line: one file a noun; everything the window does, without a display."""
