"""The encrypted store of one person and hub: journal, outbox, what the feed brought, and artifacts beside it."""
