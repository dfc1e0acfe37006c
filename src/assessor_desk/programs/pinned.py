"""Holds published versions against the list of what was published: a published version never changes."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from assessor_desk.programs.faults import FaultKind, Report
from assessor_desk.programs.marked import Node, read
from assessor_desk.programs.resolve import Resolved

PINNED = "published.json"

_DIGEST = re.compile(r"[0-9a-f]{64}")


def check_pinned(path: Path, resolved: Iterable[Resolved], whole: bool) -> Report:
    """Note in the files and in the returned report of the list itself what does not fit the list.

    `whole`: everything that the list can name has been read and holds, so that what is missing is truly gone.
    """
    report = Report(path.name)
    root = read(path.read_bytes(), report)
    if root is None or not _is_list(root, report):
        return report
    there = {(each.micro_credential.id, each.micro_credential.version): each for each in resolved}
    for each in there.values():
        _check_version(each, root)
    for id, versions in _members(root).items():
        for version in _members(versions):
            if whole and (id, version) not in there:
                what = f"“{id}” {version} was published, and its file is gone."
                line = root.line_of(id, version)
                report.add(FaultKind.PINNED_GONE, line, what, "Put the file back; portfolios may still refer to it.")
    return report


def with_new_pins(listed: str, resolved: Iterable[Resolved]) -> str:
    """Return the list's text with every published version that it does not name yet; nothing in it is altered."""
    pins: dict[str, dict[str, str]] = json.loads(listed)
    for each in resolved:
        if each.status != "draft":
            pins.setdefault(each.micro_credential.id, {}).setdefault(each.micro_credential.version, each.sha256)
    return json.dumps(pins, indent=2, sort_keys=True) + "\n"


def _check_version(each: Resolved, root: Node) -> None:
    id, version, report = each.micro_credential.id, each.micro_credential.version, each.file.report
    versions = _members(root).get(id)
    pin = _members(versions).get(version) if versions else None
    line = each.file.root.line_of("version")
    if pin is None:
        if each.status != "draft":
            what = f"It is {each.status}, and {PINNED} does not name it."
            write = f'Write status: draft, or add there under "{id}": "{version}": "{each.sha256}".'
            report.add(FaultKind.NOT_PINNED, line, what, write)
    elif each.status == "draft":
        what = f"Version {version} was published and cannot be a draft again."
        report.add(
            FaultKind.PINNED_DRAFT, each.file.root.line_of("status"), what, "Write status: published or retired."
        )
    elif pin.value != each.sha256:
        what = f"Version {version} was published with other content."
        write = "Put it back as it was, and make the change in a file of a new version."
        report.add(FaultKind.CHANGED, line, what, write)


def _is_list(root: Node, report: Report) -> bool:
    for id, versions in _members(root).items():
        for version, digest in _members(versions).items():
            if not (isinstance(digest.value, str) and _DIGEST.fullmatch(digest.value)):
                what = f"“{id}” {version} has no SHA-256."
                report.add(FaultKind.WRONG_FORM, root.line_of(id, version), what, "Write 64 hexadecimal digits.")
    if not isinstance(root.value, Mapping) or not all(isinstance(each.value, Mapping) for each in root.value.values()):
        what = "The list does not have its shape."
        report.add(FaultKind.WRONG_TYPE, root.line, what, 'Write {"<id>": {"<version>": "<sha256>"}}.')
    return not report.faults


def _members(node: Node) -> Mapping[str, Node]:
    return node.value if isinstance(node.value, Mapping) else {}
