"""One home, in it one private folder a store."""

import stat
from pathlib import Path

import platformdirs
import pytest

from assessor_desk.environment.paths import Home, StorePaths
from assessor_desk.errors import InputError, StoreMissingError


def made(home: Home, store_id: str) -> StorePaths:
    store = home.store(store_id)
    store.create()
    store.keys.write_bytes(b"{}")
    return store


def test_the_home_is_where_it_was_asked_for_else_where_the_system_keeps_data(tmp_path: Path) -> None:
    assert Home.at(tmp_path).root == tmp_path
    assert Home.at().root == Path(platformdirs.user_data_dir("assessor-desk", appauthor=False))
    assert Home.at(Path("~/desk")).root == Path.home() / "desk"


def test_a_store_has_its_places_and_all_folders_are_private(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    home.create()
    store = home.store("dana-1")
    store.create()
    store.create()

    places = {store.database, store.blobs, store.keys, store.lock, store.scratch}
    assert {place.name for place in places} == {"store.db", "blobs", "keys.json", "lock", "scratch"}
    for folder in (home.root, home.stores_folder, store.folder, store.blobs, store.scratch):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_was_there_before_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    Home.at(tmp_path).create()

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


@pytest.mark.parametrize("name", ["", "..", "a/b", "A", "-a", "a" * 65, "a.b", "a\n", "a b"])
def test_a_name_that_could_lead_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot name a store"):
        Home.at(tmp_path).store(name)


def test_only_stores_that_were_made_to_the_end_are_found(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    assert home.stores() == ()
    home.create()
    made(home, "b")
    made(home, "a")
    home.store("half-made").create()
    (home.stores_folder / "Not A Store").mkdir()

    assert [store.id for store in home.stores()] == ["a", "b"]


def test_the_only_store_is_meant_where_none_is_named(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    with pytest.raises(StoreMissingError):
        home.only_store()

    store = made(home, "a")
    assert home.only_store() == home.only_store("a") == store

    made(home, "b")
    with pytest.raises(InputError, match="several stores here: a, b"):
        home.only_store()
    with pytest.raises(StoreMissingError, match="no store c"):
        home.only_store("c")


def test_sweeping_removes_what_is_in_the_scratch_folder_and_nothing_it_points_to(tmp_path: Path) -> None:
    store = made(Home.at(tmp_path / "home"), "a")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("kept")
    (store.scratch / "opened.docx").write_text("private")
    (store.scratch / "pages").mkdir()
    (store.scratch / "pages" / "1.png").write_bytes(b"private")
    (store.scratch / "link").symlink_to(outside)

    assert store.sweep() == ("link", "opened.docx", "pages")
    assert list(store.scratch.iterdir()) == []
    assert (outside / "kept.txt").read_text() == "kept"
    assert store.sweep() == ()
