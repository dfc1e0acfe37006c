"""Holds one micro-credential's file against itself: every name that is used exists, and nothing is left out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from assessor_desk.programs.build import FIRST, tagged
from assessor_desk.programs.faults import FaultKind, Report
from assessor_desk.programs.marked import Node

Said: TypeAlias = Mapping[str, Any]
Path: TypeAlias = tuple[str | int, ...]


def check_references(root: Node, said: Said, report: Report) -> None:
    """Note every name that does not exist or stands twice, and everything that was left out."""
    for check in _CHECKS:
        check(root, said, report)


def criteria(said: Said) -> Iterator[tuple[Path, Said]]:
    """Return every criterion with the path that leads to it."""
    for at, each in enumerate(said.get("criteria", ())):
        yield ("criteria", at), each
    for group_at, group in enumerate(said.get("groups", ())):
        for at, each in enumerate(group["criteria"]):
            yield ("groups", group_at, "criteria", at), each


def ids_once(root: Node, found: Iterable[tuple[Path, str]], report: Report) -> None:
    """Note every id that stands a second time; a path leads to the id itself."""
    seen: dict[str, int] = {}
    for path, id in found:
        line = root.line_of(*path)
        if id in seen:
            what = f"“{id}” stands here twice, first in line {seen[id]}."
            report.add(FaultKind.DUPLICATE_ID, line, what, "Give each an id of its own.")
        seen.setdefault(id, line)


def known_names(root: Node, named: Iterable[tuple[Path, str]], known: Iterable[str], what: str, report: Report) -> None:
    """Note every name that is not among the known ones; a path leads to the name itself."""
    names = list(known)
    for path, name in named:
        if name not in names:
            told = f"There is no {what} “{name}”."
            report.add(FaultKind.UNKNOWN_NAME, root.line_of(*path), told, f"Name one of: {', '.join(names) or 'none'}.")


def _ids(root: Node, said: Said, report: Report) -> None:
    ids_once(root, ((("outcomes", at, "id"), each["id"]) for at, each in enumerate(said["outcomes"])), report)
    ids_once(root, ((("artifacts", at, "slot"), each["slot"]) for at, each in enumerate(said["artifacts"])), report)
    ids_once(root, ((("scales", at, "id"), each["id"]) for at, each in enumerate(said["scales"])), report)
    ids_once(root, ((("groups", at, "id"), each["id"]) for at, each in enumerate(said.get("groups", ()))), report)
    ids_once(root, ((("checks", at, "id"), each["id"]) for at, each in enumerate(said.get("checks", ()))), report)
    ids_once(root, (((*path, "id"), each["id"]) for path, each in criteria(said)), report)
    ids_once(
        root,
        ((("rules", at, "id"), each["id"]) for at, each in enumerate(said["rules"]) if each["rule"] == "condition"),
        report,
    )
    for at, scale in enumerate(said["scales"]):
        levels = enumerate(scale["levels"])
        ids_once(root, ((("scales", at, "levels", inner, "id"), each["id"]) for inner, each in levels), report)
    first_occasions = {each["id"] + FIRST for _, each in criteria(said) if each.get("twice")}
    for path, each in criteria(said):
        if each["id"] in first_occasions:
            what = f"“{each['id']}” is the id of a first occasion, made by Assessor Desk."
            report.add(FaultKind.DUPLICATE_ID, root.line_of(*path, "id"), what, "Choose another id.")


def _tags(root: Node, said: Said, report: Report) -> None:
    blocks = said.get("groups") or [{"criteria": said["criteria"]}]
    used: set[str] = set()
    for at, (_, tag, rows) in enumerate(tagged(blocks)):
        tags = [(tag, ("groups", at))] if "groups" in said else []
        within = ("groups", at, "criteria") if "groups" in said else ("criteria",)
        tags += [(own, (*within, row)) for row, (_, own) in enumerate(rows)]
        for each, path in tags:
            if each in used:
                what = f"The tag “{each}” stands for two rows."
                report.add(FaultKind.DUPLICATE_TAG, root.at(path).line, what, "Write another tag, or leave it out.")
            used.add(each)


def _slots(root: Node, said: Said, report: Report) -> None:
    slots = [each["slot"] for each in said["artifacts"]]
    items = said["blueprint"]["items"]
    named: list[tuple[Path, str]] = [
        (("blueprint", "items", at, "artifact"), each["artifact"]) for at, each in enumerate(items)
    ]
    for path, each in criteria(said):
        named += [((*path, "cites", "artifacts", at), slot) for at, slot in enumerate(each["cites"]["artifacts"])]
    for at, check in enumerate(said.get("checks", ())):
        named += [(("checks", at, "artifact"), check["artifact"])] if "artifact" in check else []
    known_names(root, named, slots, "artifact", report)
    asked = {each["artifact"] for each in items}
    for at, slot in enumerate(slots):
        if slot not in asked:
            what = f"Nothing tells the participant what “{slot}” should hold."
            report.add(FaultKind.NOTHING_ASKED, root.at(("artifacts", at)).line, what, "Add an item to the blueprint.")
    if not any(each["required"] for each in said["artifacts"]):
        what = "No artifact is required, so an empty portfolio would be complete."
        report.add(FaultKind.NOTHING_REQUIRED, root.line_of("artifacts"), what, "Write required: true for one.")


def _outcomes(root: Node, said: Said, report: Report) -> None:
    known = [each["id"] for each in said["outcomes"]]
    traced: list[tuple[Path, str]] = [
        ((*path, "outcomes", at), outcome)
        for path, each in criteria(said)
        if isinstance(each["outcomes"], list)
        for at, outcome in enumerate(each["outcomes"])
    ]
    known_names(root, traced, known, "outcome", report)
    covered = {outcome for _, outcome in traced}
    for at, outcome in enumerate(known):
        if outcome not in covered:
            what = f"No criterion judges the outcome “{outcome}”."
            line = root.at(("outcomes", at)).line
            report.add(FaultKind.UNCOVERED_OUTCOME, line, what, "Name it in a criterion's outcomes, or leave it out.")


def _levels(root: Node, said: Said, report: Report) -> None:
    scales = {each["id"]: [level["id"] for level in each["levels"]] for each in said["scales"]}
    for at, scale in enumerate(said["scales"]):
        _must_rise(root, ("scales", at, "meets"), scale["meets"], scales[scale["id"]], report)
    for path, each in criteria(said):
        if "scale" in each and each["scale"] not in scales:
            known_names(root, [((*path, "scale"), each["scale"])], scales, "scale", report)
            continue
        levels = scales[each.get("scale", next(iter(scales)))]
        if "requires" in each:
            _must_rise(root, (*path, "requires"), each["requires"], levels, report)
        _described(root, (*path, "descriptors"), each["descriptors"], levels, report)


def _must_rise(root: Node, path: Path, level: str, levels: list[str], report: Report) -> None:
    known_names(root, [(path, level)], levels, "level", report)
    if level == levels[0]:
        what = f"“{level}” is the lowest level, so nobody could miss it."
        report.add(FaultKind.MEETS_LOWEST, root.line_of(*path), what, f"Write one of: {', '.join(levels[1:])}.")


def _described(root: Node, path: Path, descriptors: Said, levels: list[str], report: Report) -> None:
    for level in descriptors:
        if level not in levels:
            what = f"The scale has no level “{level}”."
            report.add(FaultKind.LEVELS, root.line_of(*path, level), what, f"It has: {', '.join(levels)}.")
    for level in levels:
        if level not in descriptors:
            what = f"The level “{level}” has no descriptor."
            report.add(FaultKind.LEVELS, root.line_of(*path), what, f"Add {level}: and what can be seen there.")


def _growth(root: Node, said: Said, report: Report) -> None:
    twice = {each["id"]: path for path, each in criteria(said) if each.get("twice")}
    grows = {each["criterion"]: ("rules", at) for at, each in enumerate(said["rules"]) if each["rule"] == "growth"}
    for criterion, rule in grows.items():
        if criterion not in twice:
            what = f"Growth needs two scores of “{criterion}”."
            write = "Write twice: true at that criterion." if twice else "Name a criterion that has twice: true."
            report.add(FaultKind.GROWTH, root.line_of(*rule, "criterion"), what, write)
    for criterion, path in twice.items():
        if criterion not in grows:
            what = f"“{criterion}” is scored twice, and no rule looks at its growth."
            report.add(FaultKind.GROWTH, root.line_of(*path, "twice"), what, "Add a rule growth, or leave twice out.")


def _own_id(root: Node, said: Said, report: Report) -> None:
    for at, rule in enumerate(said["rules"]):
        if rule["rule"] == "builds-on" and said["id"] in rule["micro_credentials"]:
            line = root.line_of("rules", at, "micro_credentials")
            report.add(FaultKind.CIRCLE, line, "It builds on itself.", "Name only micro-credentials that come before.")


_CHECKS: tuple[Callable[[Node, Said, Report], None], ...] = (
    _ids,
    _tags,
    _slots,
    _outcomes,
    _levels,
    _growth,
    _own_id,
)
