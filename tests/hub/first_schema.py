"""Writes the statements of the first schema: `python -m tests.hub.first_schema`, until a release freezes them."""

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.schema import CreateIndex, CreateSequence, CreateTable

from assessor_desk.hub import tables
from assessor_desk.hub.data import SCRIPTS

DIALECTS = {name: make_url(f"{name}://").get_dialect()() for name in ("sqlite", "postgresql")}


def place(dialect: str) -> Path:
    return SCRIPTS / f"0001_{dialect}.sql"


def statements(name: str) -> str:
    dialect = DIALECTS[name]
    made = [str(CreateSequence(tables.feed_number).compile(dialect=dialect))] if name == "postgresql" else []
    for table in tables.metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made += [str(CreateIndex(index).compile(dialect=dialect)) for index in indexes]
    return "".join(_tidy(each) + ";\n" for each in made)


def _tidy(statement: str) -> str:
    lines = (line.replace("\t", "  ").rstrip() for line in statement.strip().splitlines())
    return "\n".join(line for line in lines if line)


if __name__ == "__main__":
    for dialect_name in DIALECTS:
        place(dialect_name).write_text(statements(dialect_name), "utf-8")
