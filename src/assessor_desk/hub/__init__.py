"""The server that desks sync with: intake, assignment, feed, casework, ledger."""
