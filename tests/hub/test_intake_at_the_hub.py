import os
import stat
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from assessor_desk.errors import ArchiveError, InputError, ManifestError, RuleError, TransitionError
from assessor_desk.hub import codes, intake, release, tables
from assessor_desk.hub.data import Hub
from assessor_desk.hub.intake import Options
from assessor_desk.seals.codes import portfolio_code
from assessor_desk.tables.transactions import reading, writing
from tests.artifacts.zips import Lie, honest_zip, lying_zip
from tests.doubles.clocks import StandingClock
from tests.hub import casework
from tests.hub.casework import Draft, accepted, arrived, decision, folder, give, offer, scene, seen, sign_off
from tests.unit.domain.making import PLANNING

PLANNED = Options(micro_credential="lead.planning")
FILES = {"plan.txt": b"Four moves, each with a name.", "talk/notes.md": b"# Talk"}


def held(hub: Hub) -> list[Path]:
    """Return what lies in the hub's folders for files and for unpacking."""
    return [path for name in ("files", "scratch") for path in (hub.folder / name).rglob("*") if path.is_file()]


def rounds(hub: Hub) -> int:
    with reading(hub.engine) as connection:
        return len(connection.execute(select(tables.round_.c.id)).all())


def test_a_folder_without_a_manifest_is_one_round_under_neutral_titles(hub: Hub, tmp_path: Path) -> None:
    offer(hub)

    received = intake.receive(hub, folder(tmp_path / "Ana Lopez", FILES), PLANNED)

    assert (received.number, received.known) == (1, False)
    assert [each.title for each in received.artifacts] == ["Artifact 1", "Artifact 2"]
    assert received.advice == ("Nothing was handed in for “Plan”, which is required.",)
    with reading(hub.engine) as connection:
        names = connection.execute(select(tables.artifact.c.original_name)).scalars().all()
    assert sorted(names) == sorted(FILES)


def test_a_zip_is_taken_like_its_folder_and_leaves_no_scratch(hub: Hub, tmp_path: Path) -> None:
    offer(hub)
    archive = tmp_path / "portfolio.zip"
    archive.write_bytes(honest_zip({**FILES, "__MACOSX/._plan.txt": b"litter"}))

    zipped = intake.receive(hub, archive, PLANNED)
    again = intake.receive(hub, folder(tmp_path / "folder", FILES), PLANNED)

    assert zipped.dropped == ("__MACOSX/._plan.txt",)
    assert (again.known, again.code, [each.sha256 for each in again.artifacts]) == (
        True,
        zipped.code,
        [each.sha256 for each in zipped.artifacts],
    )
    assert not any((hub.folder / "scratch").iterdir())


def test_a_manifest_says_what_is_what_and_options_win_over_it(hub: Hub, tmp_path: Path) -> None:
    offer(hub)
    said: dict[str, Any] = {
        "external_id": "case 17",
        "micro_credential": "lead.planning",
        "round": 1,
        "team": "Oak leaders",
        "participants": [{"name": "Ana Lopez", "external_id": "7"}, {"name": "Bo Chen"}],
        "organization": "Oak School",
        "consent": "Signed on paper.",
        "context_note": "Two sites.",
        "artifacts": [
            {"file": "plan.txt", "slot": "plan", "shared": True},
            {"file": "talk/notes.md", "slot": "talk", "title": "Notes of the talk"},
        ],
        "pointers": [{"criterion": PLANNING, "file": "plan.txt", "place": "page 1", "words": "the four moves"}],
    }
    place = folder(tmp_path / "in", FILES | {"unnamed.txt": b"beside"}, **said)

    received = intake.receive(hub, place, Options(organization="Elm School"))

    assert [(each.slot, each.title, each.shared) for each in received.artifacts] == [
        ("plan", "Plan", True),
        ("talk", "Notes of the talk", False),
    ]
    assert (received.advice, received.dropped) == ((), ("unnamed.txt",))
    with reading(hub.engine) as connection:
        row = connection.execute(
            select(tables.portfolio, tables.organization.c.name, tables.round_.c.consent)
            .join(tables.organization, tables.organization.c.id == tables.portfolio.c.organization)
            .join(tables.round_, tables.round_.c.portfolio == tables.portfolio.c.id)
        ).one()
    assert (row.external_id, row.team_of, row.team, row.name) == ("case 17", 2, "Oak leaders", "Elm School")
    assert row.consent == "Signed on paper."


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "a file that is not there": ({"artifacts": [{"file": "gone.txt", "slot": "plan"}]}, "line 3: The file “gone.txt”"),
    "a wrong slot": ({"artifacts": [{"file": "plan.txt", "slot": "planx"}]}, "line 4: “planx” is no slot"),
    "a file named twice": (
        {"artifacts": [{"file": "plan.txt", "slot": "plan"}, {"file": "plan.txt", "slot": "talk"}]},
        "line 5: The file “plan.txt” is named twice",
    ),
    "a wrong criterion": (
        {"pointers": [{"criterion": "x", "file": "plan.txt", "place": "page 1"}]},
        "line 3: This pointer names the criterion “x”",
    ),
    "a pointer to no file": (
        {"pointers": [{"criterion": PLANNING, "file": "gone.txt", "place": "page 1"}]},
        "line 4: This pointer names the file “gone.txt”",
    ),
    "a member that nobody reads": ({"particpants": []}, "line"),
    "a number for words": ({"team": 7}, "line 2"),
}


def test_a_faulty_manifest_is_told_with_line_and_remedy_and_nothing_is_taken(hub: Hub, tmp_path: Path) -> None:
    offer(hub)
    for number, (what, (said, sentence)) in enumerate(FAULTS.items()):
        place = folder(tmp_path / str(number), FILES, micro_credential="lead.planning", **said)

        with pytest.raises(ManifestError) as refused:
            intake.receive(hub, place, Options())

        assert "portfolio.yaml, line" in refused.value.detail, what
        assert sentence in refused.value.detail, what
        assert refused.value.next, what
    assert held(hub) == []
    assert rounds(hub) == 0


BOMB = bytes(20_000_000)
HOSTILE: dict[str, bytes] = {
    "slip": lying_zip(Lie("../../outside.txt")),
    "absolute": lying_zip(Lie("/etc/outside.txt")),
    "link": lying_zip(Lie("link", b"/etc/passwd", mode=stat.S_IFLNK | 0o777)),
    "reserved": lying_zip(Lie("CON.txt")),
    "lying size": lying_zip(Lie("plan.txt", size=1)),
    "damaged": lying_zip(Lie("plan.txt"), Lie("talk.txt", crc=7)),
    "twice": lying_zip(Lie("plan.txt"), Lie("PLAN.TXT")),
    "bomb": honest_zip({"bomb.txt": BOMB}),
    "no archive": b"words",
}


def test_a_hostile_archive_is_refused_and_leaves_nothing(hub: Hub, tmp_path: Path) -> None:
    offer(hub)
    before = sorted(tmp_path.rglob("*"))
    archive = tmp_path / "hostile.zip"
    for what, content in HOSTILE.items():
        archive.write_bytes(content)

        with pytest.raises(ArchiveError) as refused:
            intake.receive(hub, archive, PLANNED)

        assert str(refused.value), what
        assert held(hub) == [], what
    archive.unlink()
    assert [path for path in sorted(tmp_path.rglob("*")) if path not in before] == [hub.folder / "scratch"]
    assert rounds(hub) == 0


def test_links_strange_names_and_empty_folders_are_refused(hub: Hub, tmp_path: Path) -> None:
    offer(hub)
    linked, odd, empty = (folder(tmp_path / name, FILES) for name in ("linked", "odd", "empty"))
    (linked / "link.txt").symlink_to("/etc/passwd")
    Path(os.fsdecode(bytes(odd) + b"/\xff.txt")).write_bytes(b"words")
    for path in empty.rglob("*.*"):
        path.unlink()

    for place, sentence in ((linked, "is a link"), (odd, "is not text"), (empty, "no file"), (tmp_path / "x", "no fo")):
        with pytest.raises(InputError, match=sentence):
            intake.receive(hub, place, PLANNED)

    assert held(hub) == []


def test_a_micro_credential_must_be_named_and_offered(hub: Hub, tmp_path: Path) -> None:
    place = folder(tmp_path / "in", FILES)

    with pytest.raises(InputError, match="Nothing says which"):
        intake.receive(hub, place, Options())
    with pytest.raises(InputError, match="does not offer"):
        intake.receive(hub, place, PLANNED)


def test_the_same_round_twice_is_one_round(hub: Hub, tmp_path: Path) -> None:
    offer(hub)
    first = arrived(hub, tmp_path, b"the same", external_id="case 17")

    again = arrived(hub, tmp_path, b"the same", external_id="case 17")
    other = arrived(hub, tmp_path, b"the same", external_id="case 18")

    assert (again.code, again.number, again.known) == (first.code, 1, True)
    assert (other.known, other.code != first.code) == (False, True)
    assert other.advice == (f"Plan: the same file is in {first.code}.",)
    assert rounds(hub) == 2


def test_a_file_that_a_team_shares_is_no_finding(hub: Hub, tmp_path: Path) -> None:
    offer(hub)
    shared = [{"file": "plan.txt", "slot": "plan", "shared": True}]

    arrived(hub, tmp_path, b"ours", external_id="1", artifacts=shared)

    assert arrived(hub, tmp_path, b"ours", external_id="2", artifacts=shared).advice == ()


def released(hub: Hub, made: casework.Scene, clock: StandingClock, draft: Draft) -> None:
    accepted(made.first, decision(made.first, draft))
    record = next(each for each in seen(made.approver) if each.state == "awaiting sign-off")
    accepted(made.approver, sign_off(made.approver, record))
    release.release_due(hub.engine, clock.forward(hours=2))


def test_the_next_round_comes_once_the_former_is_released_and_keeps_code_and_rubric(
    hub: Hub, tmp_path: Path, clock: StandingClock
) -> None:
    made = scene(hub, tmp_path)
    code = Options(code=made.code.lower(), micro_credential="lead.planning")
    place = folder(tmp_path / "round 2", {"plan.txt": b"revised"})
    with pytest.raises(RuleError, match=r"still open \(assessing\)"):
        intake.receive(hub, place, code)
    assert len([path for path in held(hub) if path.parent.name != "incoming"]) == 1
    released(hub, made, clock, Draft.unmet())
    offer(hub, version="1.1")
    with pytest.raises(InputError, match="the next round of this portfolio is 2"):
        intake.receive(hub, place, Options(code=made.code, round=3))

    second = intake.receive(hub, place, code)

    assert (second.code, second.number, second.known, made.state) == (made.code, 2, False, "superseded")
    give(hub, second, made.first)
    record = next(each for each in casework.assignments(made.first) if each.round.number == 2)
    assert record.portfolio.rubric.version == "1.0"
    assert [each.number for each in record.earlier_rounds] == [1]
    assert intake.receive(hub, place, code).known


def test_rounds_end_with_the_attempts_and_incomplete_ones_cost_none(
    hub: Hub, tmp_path: Path, clock: StandingClock
) -> None:
    made = scene(hub, tmp_path)
    for number in (2, 3, 4):
        incomplete = number == 2
        if incomplete:
            accepted(made.first, decision(made.first, Draft.incomplete()))
        else:
            released(hub, made, clock, Draft.unmet())
        received = intake.receive(hub, folder(tmp_path / str(number), {"p": b"%d" % number}), Options(code=made.code))
        made = casework.Scene(hub, received, made.first, made.second, made.third, made.approver)
        give(hub, received, made.first)
    released(hub, made, clock, Draft.unmet())

    with pytest.raises(TransitionError, match="attempt is left"):
        intake.receive(hub, folder(tmp_path / "5", {"p": b"5"}), Options(code=made.code))


def test_an_earned_portfolio_takes_no_further_round(hub: Hub, tmp_path: Path, clock: StandingClock) -> None:
    made = scene(hub, tmp_path)
    released(hub, made, clock, Draft())

    with pytest.raises(RuleError, match="is earned"):
        intake.receive(hub, folder(tmp_path / "2", {"p": b"2"}), Options(code=made.code))


def test_a_portfolio_stays_with_its_micro_credential(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)

    place = folder(tmp_path / "2", {"p": b"2"})

    with pytest.raises(InputError, match=r"is for lead\.planning, not for lead\.other"):
        intake.receive(hub, place, Options(code=made.code, micro_credential="lead.other"))
    with pytest.raises(InputError, match="no portfolio P-7F3K"):
        intake.receive(hub, place, Options(code="P-7F3K"))
    with pytest.raises(InputError, match="is no portfolio code"):
        intake.receive(hub, place, Options(code="P-2222"))


def test_a_code_that_is_taken_is_drawn_again(hub: Hub, tmp_path: Path) -> None:
    offer(hub)
    seeds = iter((bytes(16), bytes(16), b"\xff" * 16))
    drawn = []
    for number in range(2):
        received = arrived(hub, tmp_path, external_id=str(number))
        with writing(hub.engine) as connection:
            drawn.append(codes.new_code(connection, lambda _: next(seeds)))
            table = tables.portfolio
            connection.execute(table.update().where(table.c.code == received.code).values(code=drawn[-1]))

    assert drawn == [portfolio_code(bytes(16), codes.SHORT), portfolio_code(b"\xff" * 16, codes.SHORT)]
