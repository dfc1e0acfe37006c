"""Copies that are handed out, portfolios that leave the laptop, and the check that all holds."""

from dataclasses import replace
from os import urandom
from pathlib import Path

import pytest

from assessor_desk.artifacts.renderer import Renderer
from assessor_desk.domain.portfolio import Assignment, AssignmentState
from assessor_desk.errors import InputError, NotReadyError
from assessor_desk.operations.assessing import record as record_changes
from assessor_desk.operations.deciding import decide
from assessor_desk.operations.documents import assess
from assessor_desk.operations.keeping import check, export, purge
from assessor_desk.operations.listing import queue
from assessor_desk.operations.overview import activity, status
from assessor_desk.operations.showing import portfolio as show
from assessor_desk.store.blobs import blob_path
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import DeedKind, PurgeReceipt
from tests.operations.office import NOTES, PLAN, READY, Desk, Office, change


def titled(assignment: Assignment, *titles: str) -> Assignment:
    artifacts = tuple(
        replace(artifact, title=title) for artifact, title in zip(assignment.round.artifacts, titles, strict=True)
    )
    return replace(assignment, round=replace(assignment.round, artifacts=artifacts))


def test_copies_have_the_names_that_people_see_and_overwrite_nothing(office: Office, ana: Desk, tmp_path: Path) -> None:
    work = ana.gets(titled(office.assignment(), "Notes: May 4/5", "Plan"))
    out = tmp_path / "out"

    first, second = export(ana.workplace, work, out), export(ana.workplace, work, out)

    assert [path.name for path in first.files] == ["Notes_ May 4_5.txt", "Plan.txt"]
    assert [path.name for path in second.files] == ["Notes_ May 4_5 2.txt", "Plan 2.txt"]
    assert [path.read_text() for path in first.files] == [NOTES, PLAN]
    assert {path.stat().st_mode & 0o777 for path in first.files} == {0o600}


@pytest.mark.parametrize("title", ["../../etc/passwd", "con", "\u202egnp.exe", "..", "x" * 400, "a\nb\0c", "   "])
def test_a_hostile_title_names_a_plain_file_in_the_folder(
    office: Office, ana: Desk, tmp_path: Path, title: str
) -> None:
    work = ana.gets(titled(office.assignment(), title, "Plan"))
    out = tmp_path / "out"

    (path, _) = export(ana.workplace, work, out).files

    assert path.parent == out
    assert len(path.name) < 100
    assert path.name.isprintable()
    assert path.stem.lower() not in ("con", "..", "")


def test_what_was_not_fetched_is_named_and_the_rest_is_copied(office: Office, ana: Desk, tmp_path: Path) -> None:
    given = office.assignment()
    work = ana.gets(replace(given, round=replace(given.round, artifacts=given.round.artifacts[:1])))
    ana.gets(given, files=False)

    exported = export(ana.workplace, work, tmp_path)

    assert [path.name for path in exported.files] == ["The notes.txt"]
    assert exported.left_out == ("The plan",)


def test_a_copy_that_breaks_off_leaves_no_half_file(office: Office, ana: Desk, tmp_path: Path) -> None:
    large = office.assignment(texts=("word " * 200_000,))
    work = ana.gets(large)
    with ana.store.reading() as tx:
        (held,) = tx.artifacts.of(large.portfolio.id)
    path = blob_path(ana.store.paths, held.blob or "")
    sealed = bytearray(path.read_bytes())
    sealed[300_000] ^= 1
    path.write_bytes(sealed)

    with pytest.raises(Exception, match="changed"):
        export(ana.workplace, work, tmp_path / "out")

    assert list((tmp_path / "out").iterdir()) == []
    (fault,) = check(ana.workplace)
    assert fault == "“The notes” is damaged or missing and must be fetched again."


@pytest.mark.parametrize("state", [AssignmentState.TO_DO, AssignmentState.RETURNED, AssignmentState.RECEIVED])
def test_what_may_still_be_asked_for_stays(office: Office, ana: Desk, state: AssignmentState) -> None:
    given = office.assignment()
    work = ana.gets(given)
    ana.hears_of(given, state)

    with pytest.raises(NotReadyError, match=f"not done \\({state}\\)"):
        purge(ana.workplace, work)

    assert len(queue(ana.workplace)) == 1
    assert purge(ana.workplace, work, unfinished=True).erased_at is not None


def test_work_that_exists_only_here_stays_even_when_asked_twice(office: Office, ana: Desk) -> None:
    work = ana.gets(office.assignment())
    record_changes(ana.workplace, work, [change("score/taking", 3)])

    with pytest.raises(NotReadyError, match="have not reached the hub yet"):
        purge(ana.workplace, work, unfinished=True)

    assert ana.says(work, "score/taking") == 3


def test_a_removed_portfolio_leaves_a_receipt_for_the_hub_and_a_line_in_the_log(
    office: Office, ana: Desk, renderer: Renderer
) -> None:
    given = office.assignment()
    work = ana.gets(given)
    assess(ana.workplace, work, READY.encode(), "work.yaml", renderer)
    decide(ana.workplace, work, urandom)
    ana.sends()
    ana.hears_of(given, AssignmentState.DONE)

    purged = purge(ana.workplace, work)

    assert set(purged.artifacts) == {each.sha256 for each in given.round.artifacts}
    assert queue(ana.workplace) == ()
    assert list(ana.store.paths.blobs.rglob("*.*")) == []
    (body,) = ana.waiting(DeedKind.PURGE_RECEIPT)
    receipt = codec.from_bytes(body, PurgeReceipt)
    assert (receipt.assignment, receipt.rows) == (work, purged.rows)
    assert activity(ana.workplace, 1)[0].words == f"{given.portfolio.code} was removed from this laptop."
    with pytest.raises(InputError, match="no longer on this laptop"):
        show(ana.workplace, work)


def test_a_sound_desk_has_no_faults(office: Office, ana: Desk, cleo: Desk) -> None:
    ana.gets(office.assignment())

    assert check(ana.workplace) == ()


def test_status_says_where_the_work_is(office: Office, ana: Desk) -> None:
    work = ana.gets(office.assignment())
    ana.gets(office.assignment(), files=False)
    record_changes(ana.workplace, work, [change("score/taking", 3), change("score/using", 1)])

    told = status(ana.workplace)

    assert told.words == (
        "Ana Reyes at Teaching Lab.",
        "The hub was last heard on 2026-05-12 09:00 UTC.",
        "Waiting to be sent: 2 changes to drafts.",
        f"{told.bytes_to_fetch} bytes of artifacts are still to be fetched.",
        "You can close the lid: everything is saved on this laptop.",
    )
    assert (told.waiting, told.assignments, told.clock) == ({"edit": 2}, 2, "")
