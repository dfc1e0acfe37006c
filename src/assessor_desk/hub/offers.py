"""Which micro-credentials the hub offers: every version that was ever added stays as it was."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from assessor_desk.errors import InputError
from assessor_desk.hub import acts, tables
from assessor_desk.hub.acts import ActKind
from assessor_desk.hub.data import Hub
from assessor_desk.programs.catalog import Catalog, Version
from assessor_desk.tables.transactions import writing


@dataclass(frozen=True, slots=True)
class Offered:
    """One version; `new` says that it was not on the hub before."""

    id: str
    version: str
    title: str
    new: bool


def add(hub: Hub, catalog: Catalog, programs: frozenset[str] = frozenset()) -> tuple[Offered, ...]:
    """Add every published version of a catalog, or of some of its programs; what is there already is left alone."""
    unknown = programs - {each.id for each in catalog.programs}
    if unknown:
        known = ", ".join(each.id for each in catalog.programs)
        raise InputError(f"There is no program “{min(unknown)}” here.", next=f"Name one of: {known}.")
    wanted = [
        version
        for versions in catalog.versions.values()
        for version in versions
        if version.offered and (not programs or version.micro_credential.program.id in programs)
    ]
    with writing(hub.engine) as connection:
        return tuple(_add(connection, hub, version) for version in wanted)


def _add(connection: Connection, hub: Hub, version: Version) -> Offered:
    made = version.micro_credential
    table = tables.micro_credential
    known = connection.execute(
        select(table.c.sha256).where(table.c.id == made.id, table.c.version == made.version)
    ).scalar_one_or_none()
    if known not in (None, version.sha256):
        raise InputError(
            f"{made.id} {made.version} is on this hub with other content, and a published version never changes.",
            next="Give the changed one a new version number.",
        )
    if known is None:
        at = hub.clock()
        connection.execute(
            table.insert().values(
                id=made.id,
                version=made.version,
                program=made.program.id,
                sha256=version.sha256,
                added_at=at,
                body=version.body,
            )
        )
        acts.record(connection, ActKind.RUBRIC_ADDED, f"{made.id}@{made.version}", version.sha256, at)
    return Offered(made.id, made.version, made.title, known is None)
