"""Two contracts that the import linter lacks: a wall around modules, and a room that needs nothing but Python."""

import sys
from collections.abc import Iterator
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Wall(Contract):
    """Only the named rooms import what stands behind the wall.

    The linter's own `protected` contract fails for rooms that are not built yet and libraries that are not used yet.
    """

    type_name = "wall"

    behind: Any = fields.ListField(subfield=fields.StringField())
    rooms: Any = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Return whether every importer of what stands behind the wall lives there or in one of the rooms."""
        allowed = (*self.rooms, *self.behind)
        guarded = [module for module in graph.modules if _inside(module, self.behind)]
        links = ((importer, it) for it in guarded for importer in graph.find_modules_that_directly_import(it))
        return _verdict(graph, (link for link in links if not _inside(link[0], allowed)))

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print who climbed over the wall."""
        _print(check)


class Plain(Contract):
    """The named rooms import themselves, each other and Python's standard library."""

    type_name = "plain"

    rooms: Any = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Return whether the rooms get by without any library."""
        allowed = (*self.rooms, *sys.stdlib_module_names)
        importers = [module for module in graph.modules if _inside(module, self.rooms)]
        links = ((importer, it) for importer in importers for it in graph.find_modules_directly_imported_by(importer))
        return _verdict(graph, (link for link in links if not _inside(link[1], allowed)))

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print what the rooms lean on."""
        _print(check)


def _inside(module: str, packages: tuple[str, ...] | list[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def _verdict(graph: ImportGraph, trespasses: Iterator[tuple[str, str]]) -> ContractCheck:
    found = sorted(f"{importer} imports {it} ({_lines(graph, importer, it)})" for importer, it in trespasses)
    return ContractCheck(kept=not found, metadata={"found": found})


def _lines(graph: ImportGraph, importer: str, imported: str) -> str:
    details = graph.get_import_details(importer=importer, imported=imported)
    return ", ".join(f"line {detail['line_number']}" for detail in details)


def _print(check: ContractCheck) -> None:
    for sentence in check.metadata["found"]:
        output.print_error(sentence, bold=False)
