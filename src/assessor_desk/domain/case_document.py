"""The table of a case's life as a page for people."""

from collections.abc import Iterable

from assessor_desk.domain.case import TABLE, Row

_HEADING = """# States of a case

A case is one round of a portfolio. This page is written by the program from the table that the hub obeys, and a test
compares the two. Rows are read from the top: of those with the same state and event, the first whose condition holds
is taken. Anything that is not in the table is refused.

| State | Event | Only when | Next | What it means |
|---|---|---|---|---|
"""


def as_markdown(rows: Iterable[Row] = TABLE) -> str:
    """Return the page that stands in `docs/states.md`."""
    return _HEADING + "".join(_line(row) for row in rows)


def _line(row: Row) -> str:
    cells = (row.state or "–", row.event, row.guard.means or "–", row.next, row.means)
    return f"| {' | '.join(cells)} |\n"
