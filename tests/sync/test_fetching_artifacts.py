"""Artifacts come whole, however bad the line, and one that does not come keeps no other from coming."""

import errno
import os
import random
import threading
from pathlib import Path
from typing import Any

import pytest

from assessor_desk.domain.ids import AssignmentId
from assessor_desk.domain.portfolio import Assignment, AssignmentState
from assessor_desk.errors import DiskFullError, HubRefusedError, HubUnreachableError, NotPairedError
from assessor_desk.seals.streams import EncryptedWriter
from assessor_desk.store.artifacts import ArtifactState
from assessor_desk.sync.client import HubClient
from assessor_desk.sync.transfer import AT_ONCE, Progress, Transfer, fetch
from tests.doubles.clocks import StandingClock
from tests.doubles.cutting_proxy import cutting_proxy
from tests.doubles.hub import FakeHub
from tests.store.world import digests
from tests.sync.laptops import Laptop, opened, paired
from tests.sync.stages import real_stage

MEBIBYTE = 1 << 20
PLAN, NOTES, FILM = (random.Random(seed).randbytes(size) for seed, size in enumerate((300_000, 2_500_000, 4_000_000)))  # noqa: S311


def states(laptop: Laptop, given: Assignment) -> dict[int, ArtifactState]:
    with laptop.store.reading() as tx:
        return {held.size: held.state for held in tx.artifacts.of(given.portfolio.id)}


def whole(laptop: Laptop, given: Assignment, content: bytes) -> bool:
    with laptop.store.reading() as tx, tx.artifacts.open(given.portfolio.id, digests(content)[0]) as artifact:
        return artifact.readall() == content


def test_what_is_due_first_comes_first_and_small_before_large(
    ana: Laptop, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessor_desk.sync.transfer.AT_ONCE", 1)
    later = hub.give("ana", PLAN)
    hub.clock.forward(days=-1)
    hub.give("ana", FILM, NOTES)
    came: list[int] = []
    hub.faults.before = lambda call: came.append(0) if call == "artifact" else None
    seen: list[Progress] = []

    ana.sync(progress=seen.append)

    ends = [len(NOTES), len(NOTES) + len(FILM), len(NOTES) + len(FILM) + len(PLAN)]
    assert [each for each in ends if each in {told.received for told in seen}] == ends
    assert later
    assert len(came) == 3
    assert seen[-1] == Progress(ends[-1], ends[-1])


def test_several_come_at_once(ana: Laptop, hub: FakeHub) -> None:
    hub.give("ana", *(bytes([number]) * 70_000 for number in range(2 * AT_ONCE)))
    together = threading.Barrier(AT_ONCE, timeout=10)

    def meet(call: str) -> None:
        if call == "artifact":
            together.wait()

    hub.faults.before = meet

    report = ana.sync()

    assert report.fetched.artifacts == 2 * AT_ONCE


def test_progress_never_goes_beyond_the_whole_and_ends_there(ana: Laptop, hub: FakeHub) -> None:
    hub.give("ana", PLAN, NOTES)
    hub.faults.cuts, hub.faults.cut_after = 3, 90_000
    seen: list[Progress] = []

    ana.sync(progress=seen.append)

    total = len(PLAN) + len(NOTES)
    assert {told.total for told in seen} == {total}
    assert [told.received for told in seen] == sorted(told.received for told in seen)
    assert seen[-1].received == total


@pytest.mark.parametrize("after", [20_000, 65_536, MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1])
def test_a_cut_answer_goes_on_at_the_byte(ana: Laptop, hub: FakeHub, after: int) -> None:
    given = hub.give("ana", NOTES)
    hub.faults.cuts, hub.faults.cut_after = 2, after

    report = ana.sync()

    assert whole(ana, given, NOTES)
    assert report.fetched.bytes == len(NOTES)
    assert hub.calls.count("artifact") == 3


def test_a_line_over_which_hardly_anything_comes_is_given_up_for_now(ana: Laptop, hub: FakeHub) -> None:
    given = hub.give("ana", NOTES)
    hub.faults.cuts, hub.faults.cut_after = 1_000, 100

    with pytest.raises(HubUnreachableError):
        ana.sync()
    tries = hub.calls.count("artifact")
    hub.faults.cuts = 0
    ana.sync()

    assert tries < 10
    assert whole(ana, given, NOTES)


def test_after_the_desk_was_closed_fetching_goes_on_where_whole_pieces_end(ana: Laptop, hub: FakeHub) -> None:
    given = hub.give("ana", FILM)
    seen = [0]

    def progress(told: Progress) -> None:
        seen[0] = told.received

    ana.sync(progress=progress, cancelled=lambda: seen[0] > 2 * MEBIBYTE + 500_000)
    report = ana.sync()

    assert whole(ana, given, FILM)
    assert report.fetched.bytes <= len(FILM) - 2 * MEBIBYTE + 256 * 1024


def test_a_hub_that_sends_the_whole_instead_of_the_rest_is_understood(ana: Laptop, hub: FakeHub) -> None:
    given = hub.give("ana", NOTES)
    hub.faults.cuts, hub.faults.cut_after, hub.faults.whole = 1, 1_300_000, True

    report = ana.sync()

    assert whole(ana, given, NOTES)
    assert report.fetched.bytes == 1_300_000 + len(NOTES)


def test_bytes_that_arrive_changed_are_asked_for_again(ana: Laptop, hub: FakeHub) -> None:
    given = hub.give("ana", NOTES)
    hub.faults.flips = {MEBIBYTE + 17}

    def heal(call: str) -> None:
        if hub.calls.count("artifact") == 2:
            hub.faults.flips = set()

    hub.faults.before = heal

    report = ana.sync()

    assert whole(ana, given, NOTES)
    assert report.fetched.problems == {}
    assert hub.calls.count("artifact") == 2


def test_a_file_that_is_changed_at_the_hub_is_never_called_here_and_stops_no_other(ana: Laptop, hub: FakeHub) -> None:
    bad, good = hub.give("ana", NOTES), hub.give("ana", PLAN)
    hub.state.files[digests(NOTES)[0]] = NOTES[:-1] + bytes([NOTES[-1] ^ 1])

    report = ana.sync()

    assert whole(ana, good, PLAN)
    assert states(ana, bad) == {len(NOTES): ArtifactState.PARTIAL}
    (problem,) = report.fetched.problems.values()
    assert problem.startswith("“The slot-0” did not come. A part of this file arrived changed.")
    assert problem in ana.said()
    hub.state.files[digests(NOTES)[0]] = NOTES
    assert ana.sync().fetched.problems == {}
    assert whole(ana, bad, NOTES)


@pytest.mark.parametrize("change", ["longer", "shorter"])
def test_a_file_of_another_size_than_announced_is_not_taken(ana: Laptop, hub: FakeHub, change: str) -> None:
    bad, good = hub.give("ana", NOTES), hub.give("ana", PLAN)
    hub.state.files[digests(NOTES)[0]] = NOTES + b"x" if change == "longer" else NOTES[:-1]

    report = ana.sync()

    assert "another size" in next(iter(report.fetched.problems.values()))
    assert report.fetched.bytes <= len(PLAN) + 65_536
    assert states(ana, bad)[len(NOTES)] is not ArtifactState.HERE
    assert whole(ana, good, PLAN)


def test_more_bytes_than_announced_are_not_taken_even_if_the_hub_hides_the_size(
    ana: Laptop, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = hub.give("ana", NOTES)
    hub.faults.more, hub.faults.hide_size = b"more", True

    report = ana.sync()

    assert "More of this file arrived" in next(iter(report.fetched.problems.values()))
    assert states(ana, bad)[len(NOTES)] is not ArtifactState.HERE


def test_an_artifact_that_the_hub_refuses_does_not_keep_others_from_coming(ana: Laptop, hub: FakeHub) -> None:
    given = hub.give("ana", PLAN, NOTES, FILM)
    del hub.state.files[digests(NOTES)[0]]

    report = ana.sync()

    assert report.fetched.artifacts == 2
    assert whole(ana, given, FILM)
    (problem,) = report.fetched.problems.values()
    assert "no such artifact" in problem


def test_a_desk_that_is_no_longer_let_in_stops_fetching(ana: Laptop, hub: FakeHub) -> None:
    hub.give("ana", *(bytes([number]) * 1_000 for number in range(30)))

    def end(call: str) -> None:
        if call == "artifact":
            hub.faults.no_entry = NotPairedError("The hub does not know this laptop.")

    hub.faults.before = end

    with pytest.raises(HubRefusedError):
        ana.sync()

    assert hub.calls.count("artifact") <= 2 * AT_ONCE


def test_what_is_done_or_withdrawn_is_not_fetched(ana: Laptop, hub: FakeHub) -> None:
    for state in (AssignmentState.DONE, AssignmentState.WITHDRAWN):
        hub.set_state(hub.give("ana", os.urandom(1_000)).id, state)

    assert ana.sync().fetched.artifacts == 0


def test_an_empty_file_is_a_file_too(ana: Laptop, hub: FakeHub) -> None:
    given = hub.give("ana", b"")

    ana.sync()

    assert states(ana, given) == {0: ArtifactState.HERE}


def test_a_full_disk_stops_fetching_in_one_sentence_and_loses_nothing(
    ana: Laptop, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = hub.give("ana", PLAN, NOTES, FILM, *(bytes([number]) * 5_000 for number in range(20)))

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(EncryptedWriter, "write", full)
        with pytest.raises(DiskFullError):
            ana.sync()
    tries = hub.calls.count("artifact")
    ana.sync()

    assert tries <= 2 * AT_ONCE
    assert set(states(ana, given).values()) == {ArtifactState.HERE}


def test_a_portfolio_that_is_removed_while_it_is_fetched_stays_away(ana: Laptop, hub: FakeHub) -> None:
    gone, kept = hub.give("ana", NOTES), hub.give("ana", PLAN)
    purged = threading.Event()

    def progress(told: Progress) -> None:
        if told.received > 100_000 and not purged.is_set():
            purged.set()
            ana.store.purge([gone.portfolio.id], ana.clock())

    ana.sync(cancelled=lambda: True)
    ana.sync(progress=progress)
    after = states(ana, gone)

    assert purged.is_set()
    assert after == {}
    assert whole(ana, kept, PLAN)
    assert ana.sync().fetched.problems == {}


# Over a real line.


def sizes(seed: int, cuts: int, total: int) -> list[int]:
    """Return after how many bytes each of the first connections is cut; together they stay below the whole."""
    drawn = random.Random(seed)  # noqa: S311
    return [drawn.randint(total // cuts // 3, total // cuts) for _ in range(cuts)]


def test_fifty_cuts_cost_hardly_a_byte_more(tmp_path: Path, clock: StandingClock) -> None:
    film = random.Random(1).randbytes(6_000_000)  # noqa: S311
    with real_stage(tmp_path / "hub", clock) as stage:
        found = paired(stage, "ana", tmp_path / "ana", clock)
        with opened(stage, found, clock) as ana:
            given = stage.give("ana", film)
            ana.sync(cancelled=_after_the_feed(ana, given))
            lengths = sizes(3, 50, 5_000_000)
            with cutting_proxy(stage.address, lambda number: lengths[number - 1] if number <= 50 else None) as proxy:
                line = HubClient(proxy.address, found.membership.token)
                done = fetch(ana.store, line, Transfer())
                line.close()

            assert proxy.cuts == 50
            assert (done.artifacts, done.problems) == (1, {})
            assert done.bytes == len(film)
            assert proxy.to_desk <= 1.01 * len(film)
            assert ana.store.check(read_artifacts=True).sound


def test_a_whole_sync_over_a_line_that_is_cut_again_and_again_ends_well(tmp_path: Path, clock: StandingClock) -> None:
    with real_stage(tmp_path / "hub", clock) as stage:
        found = paired(stage, "ana", tmp_path / "ana", clock)
        with opened(stage, found, clock) as ana:
            given = [stage.give("ana", PLAN), stage.give("ana", NOTES)]
            lengths = random.Random(5)  # noqa: S311
            with cutting_proxy(stage.address, lambda _: lengths.choice([300, 40_000, 700_000])) as proxy:
                line = HubClient(proxy.address, found.membership.token)
                ana.line, tries = line, 0
                while tries < 100:
                    tries += 1
                    try:
                        ana.sync()
                        if tries % 2 == 0:
                            break
                        ana.write_all((each, f"note/n{number}", number) for each in given for number in range(5))
                    except HubUnreachableError:
                        continue
                line.close()

            assert ana.waiting() == ()
            assert ana.store.check(read_artifacts=True).sound
            with ana.store.reading() as tx:
                assert len(tx.artifacts.here()) == 2


def _after_the_feed(laptop: Laptop, given: AssignmentId) -> Any:
    def there() -> bool:
        with laptop.store.reading() as tx:
            return any(row.id == given for row in tx.queue.rows())

    return there
