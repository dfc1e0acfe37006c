import io
import os
import stat
from pathlib import Path

import pytest

from assessor_desk.domain.ids import Digest
from assessor_desk.errors import InputError, TamperedError
from assessor_desk.hub import settings
from assessor_desk.hub.data import Hub
from assessor_desk.hub.storage import Files
from assessor_desk.seals.digests import PIECE_SIZE, sha256
from tests.doubles.clocks import StandingClock


def test_a_hub_opens_as_the_one_that_was_made(hub: Hub, clock: StandingClock) -> None:
    again = Hub.open(hub.folder, clock)

    assert (again.id, again.name, again.epoch) == (hub.id, "Teaching Lab", hub.epoch)
    assert again.identity.public == hub.identity.public
    again.close()


def test_a_folder_takes_one_hub(hub: Hub, clock: StandingClock) -> None:
    with pytest.raises(InputError, match="already"):
        Hub.init(hub.folder, "Another", clock)


def test_an_interrupted_init_is_taken_up_again(hub: Hub, database: str | None, clock: StandingClock) -> None:
    (hub.folder / settings.FILE).unlink()

    again = Hub.init(hub.folder, "Teaching Lab", clock, database)

    assert again.id == hub.id
    again.close()


def test_a_database_of_another_hub_is_refused(
    hub: Hub, database: str | None, tmp_path: Path, clock: StandingClock
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    if database is None:
        (other / "hub.db").write_bytes(b"")
        hub.close()
        (hub.folder / "hub.db").replace(other / "hub.db")

    with pytest.raises(InputError, match="another hub"):
        Hub.init(other, "Teaching Lab", clock, database)


def test_opening_an_empty_folder_says_how_to_make_a_hub(tmp_path: Path, clock: StandingClock) -> None:
    with pytest.raises(InputError) as refused:
        Hub.open(tmp_path, clock)

    assert "hub --data DIR init" in refused.value.next


def test_a_missing_identity_is_named(hub: Hub, clock: StandingClock) -> None:
    (hub.folder / "identity.key").unlink()

    with pytest.raises(InputError, match="identity"):
        Hub.open(hub.folder, clock)


def test_only_the_owner_reads_what_the_hub_keeps(hub: Hub) -> None:
    hub.files.put(io.BytesIO(b"a plan"))

    files = [path for path in hub.folder.rglob("*") if path.is_file()]

    assert {"identity.key", "hub.json"} <= {path.name for path in files}
    assert [path.name for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077] == []
    assert stat.S_IMODE(hub.folder.stat().st_mode) == 0o700


def test_a_file_is_kept_once_under_its_digest(tmp_path: Path) -> None:
    files = Files(tmp_path)
    content = os.urandom(PIECE_SIZE + 7)

    found = files.put(io.BytesIO(content))
    files.put(io.BytesIO(content))

    assert found.sha256 == sha256(content)
    assert found.pieces == (sha256(content[:PIECE_SIZE]), sha256(content[PIECE_SIZE:]))
    assert files.path(Digest(found.sha256)).read_bytes() == content
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [files.path(Digest(found.sha256))]


def test_a_file_that_is_not_what_was_announced_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(TamperedError):
        Files(tmp_path).put(io.BytesIO(b"other"), Digest("0" * 64))

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_flipped_bit_in_a_stored_file_is_found(tmp_path: Path) -> None:
    files = Files(tmp_path)
    digest = Digest(files.put(io.BytesIO(b"content")).sha256)
    assert files.intact(digest)

    files.path(digest).write_bytes(b"konten")

    assert not files.intact(digest)
